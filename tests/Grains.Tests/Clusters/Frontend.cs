using System.Diagnostics;
using Orleans.Runtime.Messaging;
using Orleans.Storage;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Caller of sessions. It retries unanswered calls with the same operation id, like frontends.</summary>
/// <param name="grains">The grain factory.</param>
/// <param name="repeatsConflicts">Whether it also retries after an ETag conflict, as frontends do.</param>
internal sealed class Frontend(IGrainFactory grains, bool repeatsConflicts = false)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    public Task<LoadResult> LoadAsync(string key, bool touch = false) => CallAsync(key, (session, _) => session.LoadAsync(touch));

    /// <summary>Loads as a request whose cookie has a secret part.</summary>
    public Task<LoadResult> LoadAsync(string key, SecretHash secret, bool touch = false, DateTimeOffset? presentedAt = null) =>
        CallAsync(key, (session, _) => session.LoadAsync(touch, secret, incarnation: null, presentedAt));

    /// <summary>Loads again what was loaded before.</summary>
    public Task<LoadResult> LoadAgainAsync(string key, Guid incarnation) => CallAsync(key, (session, _) => session.LoadAsync(touch: false, default, incarnation));

    /// <summary>Loads the session under a key; it must exist.</summary>
    public async Task<SessionSnapshot> SnapshotAsync(string key, bool touch = false)
    {
        LoadResult result = await LoadAsync(key, touch);
        Assert.Equal(LoadOutcome.Active, result.Outcome);
        return result.Snapshot!;
    }

    public Task<CommitResult> CommitAsync(string key, SessionCommit commit) =>
        CallAsync(key, (session, age) => session.CommitAsync(age == TimeSpan.Zero ? commit : commit with { Age = age }));

    /// <summary>Commits changes of a request that loaded nothing.</summary>
    public Task<CommitResult> CommitAsync(string key, params SessionChange[] changes) => CommitAsync(key, Commit.Of(changes));

    /// <summary>Commits, and expects the commit to be applied.</summary>
    public async Task<CommitResult> ApplyAsync(string key, params SessionChange[] changes)
    {
        CommitResult result = await CommitAsync(key, changes);
        Assert.Equal(CommitOutcome.Applied, result.Outcome);
        return result;
    }

    public Task<bool> RefreshAsync(string key, SecretHash secret = default) => CallAsync(key, (session, _) => session.RefreshAsync(secret));

    public Task<bool> DestroyAsync(string key, Guid? incarnation = null, EndReason reason = EndReason.Destroyed) =>
        CallAsync(key, (session, _) => session.DestroyAsync(incarnation, reason));

    public Task<bool> DestroyAsync(string key, SessionOperation operation) =>
        CallAsync(key, (session, _) => session.DestroyAsync(null, EndReason.Destroyed, operation));

    public Task<bool> DestroyUnchangedAsync(string key, Guid incarnation, long version, SessionOperation operation) =>
        CallAsync(key, (session, _) => session.DestroyUnchangedAsync(incarnation, version, operation));

    public Task<LoadResult> HoldAsync(string key, SessionOperation change, Guid? incarnation = null) =>
        CallAsync(key, (session, _) => session.HoldAsync(change, touch: false, incarnation));

    public Task LetGoAsync(string key, Guid change) => grains.GetGrain<ISessionGrain>(key).LetGoAsync(change).AsTask();

    public Task<bool> RotateAsync(string key, string newKey, Guid incarnation, DateTimeOffset? deadline = null, SecretHash secret = default) =>
        CallAsync(key, (session, _) => session.RotateAsync(newKey, incarnation, deadline, secret));

    public Task<SessionDescription?> DescribeAsync(string key) => CallAsync(key, (session, _) => session.DescribeAsync());

    public ISessionLockGrain LockOf(string key) => grains.GetGrain<ISessionLockGrain>(key);

    public ValueTask<SessionListPage> ListAsync(string sessionNamespace, long cursor, int count) =>
        grains.GetGrain<ISessionListGrain>(0).ListAsync(sessionNamespace, cursor, count);

    private async Task<T> CallAsync<T>(string key, Func<ISessionGrain, TimeSpan, ValueTask<T>> call)
    {
        ISessionGrain session = grains.GetGrain<ISessionGrain>(key);
        var watch = Stopwatch.StartNew();
        TimeSpan age = TimeSpan.Zero;
        while (true)
        {
            try
            {
                return await call(session, age);
            }
            catch (Exception exception) when (MayRepeat(exception) && watch.Elapsed < Patience)
            {
                await Task.Delay(Delay, TestContext.Current.CancellationToken);
                age = watch.Elapsed;
            }
        }
    }

    private bool MayRepeat(Exception exception) =>
        exception is TimeoutException or OrleansMessageRejectionException or ConnectionFailedException or SessionOwnershipException
        || (repeatsConflicts && exception is InconsistentStateException);
}
