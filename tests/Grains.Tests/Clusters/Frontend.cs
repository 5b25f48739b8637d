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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
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

    public Task LetGoAsync(string key, Guid change) => CallAsync(key, async (session, _) =>
    {
        await session.LetGoAsync(change);
        return true;
    });

    public Task<bool> RotateAsync(string key, string newKey, Guid incarnation, DateTimeOffset? deadline = null, SecretHash secret = default) =>
        CallAsync(key, (session, _) => session.RotateAsync(newKey, incarnation, deadline, secret));

    public Task<SessionDescription?> DescribeAsync(string key) => CallAsync(key, (session, _) => session.DescribeAsync());

    public Task<bool> AcquireLockAsync(string key, SessionLockRequest request) =>
        RepeatAsync(grains.GetGrain<ISessionLockGrain>(key), (sessionLock, _) => sessionLock.AcquireAsync(request));

    public Task<SessionLock?> GetLockAsync(string key) => RepeatAsync(grains.GetGrain<ISessionLockGrain>(key), static (sessionLock, _) => sessionLock.GetLockAsync());

    /// <summary>Releases the lock, whoever has it.</summary>
    public Task<bool> ReleaseLockAsync(string key, SessionOperation operation) =>
        RepeatAsync(grains.GetGrain<ISessionLockGrain>(key), (sessionLock, _) => sessionLock.ReleaseAsync(owner: null, operation));

    /// <summary>Releases an owner's lock, which it has. After a lost answer the lock is acquired again, because such a release is not remembered.</summary>
    public Task<bool> ReleaseLockAsync(string key, SessionLockRequest acquired) =>
        RepeatAsync(grains.GetGrain<ISessionLockGrain>(key), async (sessionLock, age) =>
        {
            if (age > TimeSpan.Zero)
            {
                await sessionLock.AcquireAsync(acquired);
            }

            return await sessionLock.ReleaseAsync(acquired.Owner);
        });

    public Task<SessionListPage> ListAsync(string sessionNamespace, long cursor, int count) =>
        RepeatAsync(grains.GetGrain<ISessionListGrain>(0), (list, _) => list.ListAsync(sessionNamespace, cursor, count));

    private Task<T> CallAsync<T>(string key, Func<ISessionGrain, TimeSpan, ValueTask<T>> call) => RepeatAsync(grains.GetGrain<ISessionGrain>(key), call);

    private async Task<T> RepeatAsync<TGrain, T>(TGrain grain, Func<TGrain, TimeSpan, ValueTask<T>> call)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan age = TimeSpan.Zero;
        while (true)
        {
            try
            {
                return await call(grain, age);
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
