using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Users;

/// <summary>Clusters that allow a user five sessions.</summary>
public sealed class SessionLimitTests : IAsyncLifetime
{
    private const int Limit = 5;

    private readonly string _user = UserFrontend.NewUser();
    private GarnetStore? _store;
    private SessionTestCluster? _running;

    private SessionTestCluster Cluster => _running ?? throw new InvalidOperationException("The cluster is not started.");

    private UserFrontend User => Cluster.UserFrontends(_user)[0];

    public async ValueTask InitializeAsync() => _store = await GarnetStore.StartAsync(SessionTestCluster.ServiceId);

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await _store!.DisposeAsync();
    }

    [Fact]
    public async Task SignIn_BeyondTheLimit_EndsTheLeastRecentlyUsedFirst()
    {
        await StartAsync();
        string[] keys = await SignInAsync(Limit);
        await Cluster.Frontend.LoadAsync(keys[0], touch: true);

        string[] last = await SignInAsync(1);

        Assert.Equal(LoadOutcome.None, (await Cluster.Frontend.LoadAsync(keys[1])).Outcome);
        Assert.Equal([last[0], keys[4], keys[3], keys[2], keys[0]], await User.KeysAsync());
    }

    [Fact]
    public async Task SignIn_BeyondTheLimit_IsRefusedIfConfiguredSo()
    {
        await StartAsync(TooManySessions.RefuseNew);
        string[] keys = await SignInAsync(Limit);
        string key = SessionTestCluster.NewKey();

        CommitResult refused = await Cluster.Frontend.CommitAsync(key, UserFrontend.SigningIn(_user, Entries.Set("a", "1")));

        Assert.Equal(CommitOutcome.TooManySessions, refused.Outcome);
        Assert.Equal(LoadOutcome.None, (await Cluster.Frontend.LoadAsync(key)).Outcome);
        await SignInAsync(keys[2]);
        await Cluster.Frontend.DestroyAsync(keys[0]);
        await SignInAsync(key);
    }

    [Fact]
    public async Task SignIn_AfterOthersExpired_CountsTheLivingOnly()
    {
        await StartAsync(TooManySessions.RefuseNew);
        await SignInAsync(Limit);
        Cluster.Clock.Advance(TimeSpan.FromMinutes(20));

        string[] keys = await SignInAsync(1);

        Assert.Equal(keys, await User.KeysAsync());
    }

    [Fact]
    public async Task SignIn_WhoseVictimCanNotBeEnded_IsNotAcknowledged()
    {
        await StartAsync();
        string[] keys = await SignInAsync(Limit);
        string key = SessionTestCluster.NewKey();
        SessionCommit commit = UserFrontend.SigningIn(_user);
        using (new Healing(Cluster.Faults, keys[0]))
        {
            Cluster.Faults.Always(keys[0], static operation => operation == StorageOperation.Write ? StorageFault.Lost : StorageFault.None);
            await Assert.ThrowsAsync<SessionUnavailableException>(() => Cluster.Frontend.CommitAsync(key, commit));
            Assert.Equal(LoadOutcome.None, (await Cluster.Frontend.LoadAsync(key)).Outcome);
        }

        Assert.Equal(CommitOutcome.Applied, (await Cluster.Frontend.CommitAsync(key, commit)).Outcome);
        Assert.Equal(LoadOutcome.None, (await Cluster.Frontend.LoadAsync(keys[0])).Outcome);
        Assert.Equal(Limit, (await User.ListAsync()).Length);
    }

    /// <summary>Sessions of two users that change hands, each evicting the other's: none waits for itself.</summary>
    [Fact]
    public async Task SignIns_OfSessionsThatEvictEachOther_AllEnd()
    {
        await StartAsync();
        string[] users = [_user, UserFrontend.NewUser()];
        string[] keys = [.. Enumerable.Range(0, 4 * Limit).Select(_ => SessionTestCluster.NewKey())];

        for (int round = 0; round < 3; round++)
        {
            int shift = round;
            await Task.WhenAll(keys.Select((key, i) =>
                Cluster.Frontends[i % Cluster.Frontends.Count].CommitAsync(key, UserFrontend.SigningIn(users[(i + shift) % 2]))));
        }

        foreach (string user in users)
        {
            await AssertAgreesAsync(user, keys);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SignIns_InParallel_NeverExceedTheLimit(bool losesASilo)
    {
        await StartAsync();
        string[] keys = [.. Enumerable.Range(0, 100).Select(_ => SessionTestCluster.NewKey())];
        Frontend frontend = Cluster.StubbornFrontend;
        using var done = new CancellationTokenSource();
        Task<int> most = MostLivingAsync(keys, done.Token);

        Task<CommitResult>[] signIns = [.. keys.Select(key => frontend.CommitAsync(key, UserFrontend.SigningIn(_user)))];
        if (losesASilo)
        {
            await Task.WhenAny(signIns);
            await Cluster.KillAsync(Cluster.Silos[1]);
        }

        CommitResult[] results = await Task.WhenAll(signIns);
        await done.CancelAsync();

        Assert.All(results, static result => Assert.True(result.Outcome is CommitOutcome.Applied or CommitOutcome.Gone, $"{result.Outcome}"));
        Assert.InRange(await most, 1, Limit);
        await AssertAgreesAsync(_user, keys);
    }

    private async Task StartAsync(TooManySessions policy = TooManySessions.EndLeastRecentlyUsed) => _running = await SessionTestCluster.StartAsync(
        _store!,
        new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        handler: null,
        ("SessionCluster:MaxSessionsPerUser", Limit.ToString(CultureInfo.InvariantCulture)),
        ("SessionCluster:WhenTooManySessions", policy.ToString()));

    private async Task<string[]> SignInAsync(int count)
    {
        string[] keys = [.. Enumerable.Range(0, count).Select(_ => SessionTestCluster.NewKey())];
        foreach (string key in keys)
        {
            await SignInAsync(key);
            Cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return keys;
    }

    private async Task SignInAsync(string key) =>
        Assert.Equal(CommitOutcome.Applied, (await Cluster.Frontend.CommitAsync(key, UserFrontend.SigningIn(_user))).Outcome);

    /// <summary>
    /// The most sessions that Redis had signed in at once, until all are read once more after <paramref name="done"/>. They are read one after the other, so one that ended
    /// meanwhile is read again.
    /// </summary>
    private async Task<int> MostLivingAsync(string[] keys, CancellationToken done)
    {
        int most = 0;
        bool isLast;
        do
        {
            isLast = done.IsCancellationRequested;

            // Of those that are signed in before and after, all were so at the moment in between.
            HashSet<Guid> before = await StoredAsync(keys);
            before.IntersectWith(await StoredAsync(keys));
            most = Math.Max(most, before.Count);
        }
        while (!isLast);

        return most;
    }

    private async Task<HashSet<Guid>> StoredAsync(string[] keys)
    {
        SessionState?[] stored = await Task.WhenAll(keys.Select(Cluster.StoredAsync));
        return [.. stored.Where(IsSignedIn).Select(static state => state!.Incarnation)];

        bool IsSignedIn(SessionState? state) => state is { Status: SessionStatus.Active, SignedIn: { } signedIn } && signedIn.Identity.User == _user;
    }

    /// <summary>List, grains and Redis agree on the sessions of a user, and they are not too many.</summary>
    private async Task AssertAgreesAsync(string user, string[] keys)
    {
        var list = Cluster.UserFrontends(user)[0];
        string[] listed = [.. (await list.KeysAsync()).Order()];
        LoadResult[] loaded = await Task.WhenAll(keys.Select(key => Cluster.StubbornFrontend.LoadAsync(key)));
        SessionState?[] stored = await Task.WhenAll(keys.Select(Cluster.StoredAsync));

        Assert.InRange(listed.Length, 1, Limit);
        Assert.Equal(listed, keys.Where((_, i) => loaded[i].Snapshot?.Identity?.User == user).Order());
        Assert.Equal(listed, keys.Where((_, i) => stored[i] is { Status: SessionStatus.Active } state && state.SignedIn?.Identity.User == user).Order());
        Assert.Equal(listed, (await Cluster.StoredUserAsync(user)).Sessions.Select(static session => session.SessionKey).Order());
    }
}
