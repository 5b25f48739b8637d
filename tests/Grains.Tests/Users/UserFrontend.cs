using System.Collections.Immutable;
using System.Diagnostics;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Users;

/// <summary>Caller of one user's sessions. It repeats unanswered calls, like frontends.</summary>
internal sealed class UserFrontend(IGrainFactory grains, string user)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    public string User { get; } = user;

    public static string NewUser() => UserKey.For(new byte[UserKey.MinSecretBytes], "", Guid.NewGuid().ToString()).Value;

    public static SessionCommit SigningIn(string user, params SessionChange[] changes) => Commit.Of(changes) with { SignIn = new() { User = user } };

    /// <summary>All pages of the list.</summary>
    public async Task<ImmutableArray<UserSession>> ListAsync(int pageSize = IUserSessionsGrain.MaxPage)
    {
        var all = ImmutableArray.CreateBuilder<UserSession>();
        long cursor = 0;
        do
        {
            long from = cursor;
            UserSessionPage page = await CallAsync(list => list.ListAsync(from, pageSize));
            all.AddRange(page.Sessions);
            cursor = page.Cursor;
        }
        while (cursor > 0);

        return all.DrainToImmutable();
    }

    public async Task<string[]> KeysAsync() => [.. (await ListAsync()).Select(session => session.SessionKey)];

    public Task<bool> EndAsync(string sessionKey, EndReason reason = EndReason.EndedByUser) => CallAsync(list => list.EndAsync(sessionKey, reason));

    public Task<int> EndAllAsync(string? except = null, string? tag = null) => CallAsync(list => list.EndAllAsync(EndReason.EndedByUser, except, tag));

    private async Task<T> CallAsync<T>(Func<IUserSessionsGrain, ValueTask<T>> call)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await call(grains.GetGrain<IUserSessionsGrain>(User));
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException and not SessionUnavailableException && watch.Elapsed < Patience)
            {
                await Task.Delay(Delay, TestContext.Current.CancellationToken);
            }
        }
    }
}
