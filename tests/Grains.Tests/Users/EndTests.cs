using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Users;

/// <summary>Users who end their sessions, from any frontend.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class EndTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _user = UserFrontend.NewUser();

    private UserFrontend User => _cluster.UserFrontends(_user)[0];

    [Fact]
    public async Task End_OfOneSession_IsSeenByEveryFrontendAndLeavesTheOthers()
    {
        foreach (UserFrontend user in _cluster.UserFrontends(_user))
        {
            string[] keys = await SignInAsync(3);

            Assert.True(await user.EndAsync(keys[1]));
            Assert.False(await user.EndAsync(keys[1]));

            await AssertEndedAsync(keys[1]);
            Assert.Equal([keys[2], keys[0]], await user.KeysAsync());
            await user.EndAllAsync();
        }
    }

    [Fact]
    public async Task EndAll_ExceptOne_LeavesThatOne()
    {
        foreach (UserFrontend user in _cluster.UserFrontends(_user))
        {
            string[] keys = await SignInAsync(4);

            Assert.Equal(3, await user.EndAllAsync(except: keys[2]));

            await AssertEndedAsync(keys[0], keys[1], keys[3]);
            Assert.Equal([keys[2]], await user.KeysAsync());
            Assert.Equal(1, await user.EndAllAsync());
            await AssertEndedAsync(keys);
        }
    }

    [Fact]
    public async Task EndAll_ByTag_LeavesSessionsWithoutIt()
    {
        string[] acme = await SignInAsync(2, "tenant:acme", "client:shop");
        string[] other = await SignInAsync(2, "tenant:other");

        Assert.Equal(2, await User.EndAllAsync(tag: "tenant:acme"));

        await AssertEndedAsync(acme);
        Assert.Equal(other.Order(), (await User.KeysAsync()).Order());
    }

    [Fact]
    public async Task End_OfAnotherUsersSession_DoesNothing()
    {
        string[] keys = await SignInAsync(1);

        Assert.False(await _cluster.UserFrontends(UserFrontend.NewUser())[0].EndAsync(keys[0]));
        Assert.False(await User.EndAsync("no key"));

        Assert.Equal(keys, await User.KeysAsync());
    }

    [Fact]
    public async Task End_OfASessionThatIsNotListed_EndsItAllTheSame()
    {
        string[] keys = await SignInAsync(1);
        await _cluster.DeactivateUserAsync(_user);
        await _cluster.Store.Database.KeyDeleteAsync(_cluster.Store.UserKey(_user));

        Assert.True(await User.EndAsync(keys[0]));

        await AssertEndedAsync(keys);
    }

    /// <summary>The sign-in has been listed and waits for Redis: ending all ends it too.</summary>
    [Fact]
    public async Task EndAll_WhileASessionIsBeingStored_EndsItWhenItIs()
    {
        string key = SessionTestCluster.NewKey();
        HeldWrite write = _cluster.Faults.HoldNextWrite(key);
        Task<CommitResult> signIn = _frontend.CommitAsync(key, UserFrontend.SigningIn(_user));
        await write.Arrived;

        Task<int> end = User.EndAllAsync();
        await Eventually.TrueAsync("it is marked", async () => (await _cluster.StoredUserAsync(_user)).Sessions is [{ IsEnding: true }]);
        Assert.False(end.IsCompleted);
        write.Release();

        await end;
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(key)).Outcome);
        await signIn;
        Assert.Empty(await User.ListAsync());
    }

    /// <summary>
    /// The sign-in has been listed and waits for its session's turn: ending all cancels it, and leaves what the session was before, or ends the session if its turn has come.
    /// </summary>
    [Fact]
    public async Task EndAll_WhileASignInWaitsForItsTurn_CancelsIt()
    {
        string key = SessionTestCluster.NewKey();
        CommitResult created = await _frontend.ApplyAsync(key, Entries.Set("cart", "7"));
        HeldWrite write = _cluster.Faults.HoldNextWrite(key);
        Task<CommitResult> earlier = _frontend.CommitAsync(key, Commit.BasedOn(created.Incarnation, Entries.Set("cart", "8")));
        await write.Arrived;
        SessionCommit commit = UserFrontend.SigningIn(_user) with { BasedOn = created.Incarnation };
        Task<CommitResult> signIn = _frontend.CommitAsync(key, commit);
        await Eventually.TrueAsync("it is listed", async () => (await _cluster.StoredUserAsync(_user)).Sessions.Length == 1);

        Task<int> end = User.EndAllAsync();
        await Eventually.TrueAsync("it is marked", async () => (await _cluster.StoredUserAsync(_user)).Sessions is [{ IsEnding: true }]);
        write.Release();

        await end;
        Assert.Equal(CommitOutcome.Applied, (await earlier).Outcome);
        if ((await signIn).Outcome == CommitOutcome.Applied)
        {
            // The sign-in's turn came first, and the end right after it.
            Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(key)).Outcome);
        }
        else
        {
            SessionSnapshot left = await _frontend.SnapshotAsync(key);
            Assert.Equal(["cart=8"], left.Entries.Text());
            Assert.Null(left.Identity);
            Assert.Equal(CommitOutcome.Gone, (await signIn).Outcome);
            Assert.Equal(CommitOutcome.Gone, (await _frontend.CommitAsync(key, commit)).Outcome);
        }

        Assert.Empty(await User.ListAsync());
    }

    /// <summary>The list can't be stored: the sign-in is not listed yet, and comes after ending all.</summary>
    [Fact]
    public async Task EndAll_WhileASignInIsBeingListed_LetsItFollow()
    {
        string key = SessionTestCluster.NewKey();
        HeldWrite write = _cluster.Faults.HoldNextWrite(_user);
        Task<CommitResult> signIn = _frontend.CommitAsync(key, UserFrontend.SigningIn(_user));
        await write.Arrived;

        Task<int> end = User.EndAllAsync();
        write.Release();
        await end;
        CommitResult result = await signIn;

        bool isSignedIn = (await _frontend.LoadAsync(key)).Snapshot?.Identity is not null;
        Assert.Equal(isSignedIn ? [key] : [], await User.KeysAsync());
        Assert.Equal(isSignedIn, result.Outcome == CommitOutcome.Applied && isSignedIn);
    }

    [Fact]
    public async Task EndAll_RacingWithSignIns_LeavesOnlyListedSessions()
    {
        string[] keys = [.. Enumerable.Range(0, 40).Select(_ => SessionTestCluster.NewKey())];
        IReadOnlyList<Frontend> frontends = _cluster.Frontends;
        IReadOnlyList<UserFrontend> users = _cluster.UserFrontends(_user);

        await Task.WhenAll(
        [
            .. keys.Select((key, i) => frontends[i % frontends.Count].CommitAsync(key, UserFrontend.SigningIn(_user))),
            .. Enumerable.Range(0, 6).Select(i => users[i % users.Count].EndAllAsync()),
        ]);

        Assert.Equal((await LivingAsync(keys)).Order(), (await User.KeysAsync()).Order());
        await User.EndAllAsync();
        Assert.Empty(await LivingAsync(keys));
    }

    [Fact]
    public async Task EndAll_InterruptedByACrash_IsFinishedByTheNextCall()
    {
        string[] keys = await SignInAsync(3);
        using (new Healing(_cluster.Faults, keys[1]))
        {
            _cluster.Faults.Always(keys[1], static operation => operation == StorageOperation.Write ? StorageFault.Lost : StorageFault.None);
            await Assert.ThrowsAsync<SessionUnavailableException>(() => User.EndAllAsync());
        }

        await _cluster.DeactivateUserAsync(_user);

        Assert.Empty(await User.ListAsync());
        await AssertEndedAsync(keys);
    }

    private async Task<string[]> SignInAsync(int count, params string[] tags)
    {
        string[] keys = [.. Enumerable.Range(0, count).Select(_ => SessionTestCluster.NewKey())];
        foreach (string key in keys)
        {
            Assert.Equal(
                CommitOutcome.Applied,
                (await _frontend.CommitAsync(key, Commit.Of(Entries.Set("a", "1")) with { SignIn = new() { User = _user, Tags = [.. tags] } })).Outcome);
        }

        return keys;
    }

    private async Task AssertEndedAsync(params string[] keys)
    {
        foreach (Frontend frontend in _cluster.Frontends)
        {
            foreach (string key in keys)
            {
                Assert.Equal(LoadOutcome.None, (await frontend.LoadAsync(key)).Outcome);
            }
        }
    }

    private async Task<string[]> LivingAsync(string[] keys)
    {
        LoadResult[] loaded = await Task.WhenAll(keys.Select(key => _frontend.LoadAsync(key)));
        return [.. keys.Where((_, i) => loaded[i].Snapshot?.Identity?.User == _user)];
    }
}
