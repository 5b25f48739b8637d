using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Users;

/// <summary>Silos that die between the steps of a sign-in or of an end: list, grains and Redis agree after the next listing.</summary>
public sealed class SiloLossTests : IAsyncLifetime
{
    /// <summary>Enough for some on each silo.</summary>
    private const int Sessions = 12;

    private readonly string _user = UserFrontend.NewUser();
    private readonly string[] _keys = [.. Enumerable.Range(0, Sessions).Select(_ => SessionTestCluster.NewKey())];
    private GarnetStore? _store;
    private SessionTestCluster? _running;

    private SessionTestCluster Cluster => _running ?? throw new InvalidOperationException("The cluster is not started.");

    private UserFrontend User => Cluster.UserFrontends(_user)[0];

    public async ValueTask InitializeAsync()
    {
        _store = await GarnetStore.StartAsync(SessionTestCluster.ServiceId);
        _running = await SessionTestCluster.StartAsync(_store, new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await _store!.DisposeAsync();
    }

    /// <summary>The sessions are listed, and their commits are on the way to Redis.</summary>
    [Fact]
    public async Task Loss_BetweenListingAndCommit_LeavesTheSignInsThatWereAcknowledged()
    {
        HeldWrite[] held = [.. _keys.Select(Cluster.Faults.HoldNextWrite)];
        Frontend frontend = Cluster.StubbornFrontend;
        Task<CommitResult>[] signIns = [.. _keys.Select(key => frontend.CommitAsync(key, UserFrontend.SigningIn(_user)))];
        await Task.WhenAll(held.Select(static write => write.Arrived));

        await Cluster.KillAsync(Cluster.Silos[1]);
        Array.ForEach(held, static write => write.Release());

        Assert.All(await Task.WhenAll(signIns), static result => Assert.Equal(CommitOutcome.Applied, result.Outcome));
        Assert.Equal(_keys.Order(), await AgreedAsync());
    }

    /// <summary>The callers give up: listed sessions that were never created leave the list; created ones stay.</summary>
    [Fact]
    public async Task Loss_BetweenListingAndCommit_LeavesNoGhostOfSignInsThatNobodyRepeats()
    {
        HeldWrite[] held = [.. _keys.Select(Cluster.Faults.HoldNextWrite)];
        Task[] signIns = await Task.WhenAll(_keys.Zip(held, BeginSignInAsync));

        await Cluster.KillAsync(Cluster.Silos[1]);
        Array.ForEach(held, static write => write.Release());
        await Task.WhenAll(signIns).ContinueWith(static _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);

        await AgreedAsync();
    }

    /// <summary>The ends are stored, and the list is not.</summary>
    [Fact]
    public async Task Loss_BetweenEndAndUnlisting_LeavesNoGhost()
    {
        Frontend frontend = Cluster.StubbornFrontend;
        await Task.WhenAll(_keys.Select(key => frontend.CommitAsync(key, UserFrontend.SigningIn(_user))));
        HeldWrite list = Cluster.Faults.HoldNextWrite(_user);
        await Task.WhenAll(_keys[1..].Select(key => frontend.DestroyAsync(key)));
        await list.Arrived;

        await Cluster.KillAsync(Cluster.Silos[1]);
        list.Release();

        Assert.Equal([_keys[0]], await AgreedAsync());
    }

    /// <summary>The sessions are marked in the list, and some have ended.</summary>
    [Fact]
    public async Task Loss_WhileEndingAll_EndsTheRest()
    {
        Frontend frontend = Cluster.StubbornFrontend;
        await Task.WhenAll(_keys.Select(key => frontend.CommitAsync(key, UserFrontend.SigningIn(_user))));
        HeldWrite[] held = [.. _keys[..4].Select(Cluster.Faults.HoldNextWrite)];
        Task<int> end = User.EndAllAsync();
        await Task.WhenAll(held.Select(static write => write.Arrived));

        await Cluster.KillAsync(Cluster.Silos[1]);
        Array.ForEach(held, static write => write.Release());
        await end;

        Assert.Empty(await AgreedAsync());
    }

    /// <summary>Sends a sign-in until its write is held. Unlike a frontend's, it isn't repeated after that.</summary>
    /// <returns>The last call.</returns>
    private Task<Task> BeginSignInAsync(string key, HeldWrite write)
    {
        ISessionGrain session = Cluster.GrainsOf(Cluster.Silos[0]).GetGrain<ISessionGrain>(key);
        SessionCommit commit = UserFrontend.SigningIn(_user);
        return UnansweredCalls.RepeatAsync(() => SendAsync(commit), () => SendAsync(commit.AsRetry())).AsTask();

        async ValueTask<Task> SendAsync(SessionCommit attempt)
        {
            Task call = session.CommitAsync(attempt).AsTask();
            await write.ArrivesFromAsync(call);
            return call;
        }
    }

    /// <summary>The user's sessions, on which list, grains and Redis must agree.</summary>
    private async Task<string[]> AgreedAsync()
    {
        string[] listed = [.. (await User.KeysAsync()).Order()];
        LoadResult[] loaded = await Task.WhenAll(_keys.Select(key => Cluster.StubbornFrontend.LoadAsync(key)));
        SessionState?[] stored = await Task.WhenAll(_keys.Select(Cluster.StoredAsync));
        Assert.Equal(listed, _keys.Where((_, i) => loaded[i].Snapshot?.Identity?.User == _user).Order());
        Assert.Equal(listed, _keys.Where((_, i) => stored[i] is { Status: SessionStatus.Active } state && state.SignedIn?.Identity.User == _user).Order());
        Assert.Equal(listed, (await Cluster.StoredUserAsync(_user)).Sessions.Select(static session => session.SessionKey).Order());
        return listed;
    }
}
