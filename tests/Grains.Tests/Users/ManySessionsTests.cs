using OrleansSessions.Contracts;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Users;

/// <summary>Users with very many sessions.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class ManySessionsTests(ClusterFixture fixture)
{
    private const int Parallel = 20;

    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly string _user = UserFrontend.NewUser();

    [Fact]
    public async Task Sessions_OfAUserWithAThousand_AreListedInPagesAndEndedAtOnce()
    {
        string[] keys = [.. Enumerable.Range(0, 1_000).Select(_ => SessionTestCluster.NewKey())];
        foreach (string[] some in keys.Chunk(Parallel))
        {
            await Task.WhenAll(some.Select(key => _cluster.Frontend.CommitAsync(key, UserFrontend.SigningIn(_user))));
        }

        UserFrontend user = _cluster.UserFrontends(_user)[0];

        Assert.Equal(keys.Order(), (await user.KeysAsync()).Order());

        await user.EndAllAsync();

        LoadResult[] loaded = await Task.WhenAll(keys.Select(key => _cluster.Frontend.LoadAsync(key)));
        Assert.All(loaded, static result => Assert.Equal(LoadOutcome.None, result.Outcome));
        Assert.Empty(await user.ListAsync());
    }

    /// <summary>The list is written whole, so a write for each session would cost the square of their number.</summary>
    [Fact]
    public async Task Sessions_ThatEndWhileTheListIsStored_LeaveItTogether()
    {
        string[] keys = [.. Enumerable.Range(0, 50).Select(_ => SessionTestCluster.NewKey())];
        await Task.WhenAll(keys.Select(key => _cluster.Frontend.CommitAsync(key, UserFrontend.SigningIn(_user))));
        int writes = _cluster.Faults.Count(_user, StorageOperation.Write);
        HeldWrite held = _cluster.Faults.HoldNextWrite(_user);

        Task[] ends = [_cluster.Frontend.DestroyAsync(keys[0])];
        await held.Arrived;
        ends = [.. ends, .. keys.Skip(1).Select(key => _cluster.Frontend.DestroyAsync(key))];
        await Eventually.TrueAsync("all have left", () => _cluster.Calls.Of(_user).Count(static method => method == nameof(IUserRegistrationGrain.LeaveAsync)) == keys.Length);
        held.Release();
        await Task.WhenAll(ends);

        Assert.Empty(await _cluster.UserFrontends(_user)[0].ListAsync());
        Assert.InRange(_cluster.Faults.Count(_user, StorageOperation.Write) - writes, 1, 5);
    }

    /// <summary>A list of 10,000 sessions, of which none exists any more, is gone through page by page.</summary>
    [Fact]
    public async Task List_OfTenThousand_IsStoredAndPaged()
    {
        UserSessionsState list = UserSessionsState.None;
        for (int i = 0; i < 10_000; i++)
        {
            list = list.Add(new() { SessionKey = SessionTestCluster.NewKey(), SignInId = Guid.NewGuid(), SignedInAtMs = 1_767_225_600_000, Tags = ["tenant:acme"] });
        }

        byte[] stored = UserSessionsFormat.Write(list);
        await _cluster.Store.Database.HashSetAsync(_cluster.Store.UserKey(_user), [new("etag", "1"), new("data", stored)]);
        IUserSessionsGrain user = _cluster.UserSessions(_user);

        UserSessionPage first = await user.ListAsync(0, IUserSessionsGrain.MaxPage);
        UserSessionPage second = await user.ListAsync(first.Cursor, IUserSessionsGrain.MaxPage);

        Assert.Equal(list.Sessions, UserSessionsFormat.Read(stored).Sessions);
        Assert.InRange(stored.Length, 10_000, 1_000_000);
        Assert.Equal((9_901, 9_801), (first.Cursor, second.Cursor));
        Assert.Equal(9_800, (await _cluster.StoredUserAsync(_user)).Sessions.Length);
    }
}
