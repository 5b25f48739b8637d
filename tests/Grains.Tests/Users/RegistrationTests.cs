using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Events;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Users;

/// <summary>A session's place in its user's list, from the sign-in to the end.</summary>
[Collection(typeof(EventClusterCollection))]
public sealed class RegistrationTests(EventClusterFixture fixture) : SessionOfOneUser(fixture)
{
    private readonly RecordingHandler _handler = fixture.Cluster.Handler!;

    [Fact]
    public async Task SignIn_AsAnotherUser_MovesTheSessionToThatUsersList()
    {
        UserFrontend other = _cluster.UserFrontends(UserFrontend.NewUser())[0];
        await SignInAsync(_key, other.User);

        await SignInAsync(_key, _user.User);

        Assert.Equal([_key], await _user.KeysAsync());
        Assert.Empty(await other.KeysAsync());
        await Eventually.TrueAsync("the other user has no list", async () => !await _cluster.Store.Database.KeyExistsAsync(_cluster.Store.UserKey(other.User)));
    }

    [Fact]
    public async Task SignIn_Again_KeepsOnePlaceInTheList()
    {
        await SignInAsync(_key, _user.User);
        await SignInAsync(_key, _user.User);

        Assert.Equal([_key], await _user.KeysAsync());
    }

    /// <summary>The list must go on saying what the session is, or "end all of this tenant" ends the wrong ones.</summary>
    [Fact]
    public async Task SignIn_AgainThatIsRefused_LeavesTheListedTags()
    {
        SessionSignIn signIn = new() { User = _user.User, Tags = ["tenant:acme"] };
        CommitResult first = await _frontend.CommitAsync(_key, UserFrontend.SigningIn(_user.User) with { SignIn = signIn });
        RegisteredSession before = Assert.Single((await _cluster.StoredUserAsync(_user.User)).Sessions);

        CommitResult again = await _frontend.CommitAsync(
            _key,
            Commit.BasedOn(first.Incarnation, Entries.Set("large", new string('x', 2_000_000))) with { SignIn = signIn with { Tags = ["tenant:other"] } });

        Assert.Equal(CommitOutcome.LimitExceeded, again.Outcome);
        RegisteredSession listed = Assert.Single((await _cluster.StoredUserAsync(_user.User)).Sessions);
        Assert.Equal(before, listed);
        Assert.Equal(["tenant:acme"], listed.Tags);
        Assert.Equal(0, await _user.EndAllAsync(tag: "tenant:other"));
        Assert.Equal(1, await _user.EndAllAsync(tag: "tenant:acme"));
    }

    [Fact]
    public async Task SignIn_ThatIsRefused_IsListedNoMore()
    {
        CommitResult result = await _frontend.CommitAsync(_key, UserFrontend.SigningIn(_user.User, Entries.Set("large", new string('x', 2_000_000))));

        Assert.Equal(CommitOutcome.LimitExceeded, result.Outcome);
        await LeftAsync();
    }

    [Fact]
    public async Task SignOut_TellsHandlersWhoseSessionEnded()
    {
        Guid incarnation = await SignInAsync(_key, _user.User);

        await _frontend.DestroyAsync(_key, incarnation);

        await Eventually.TrueAsync("the end is announced", () => _handler.Ended(incarnation).Count == 1);
        Assert.Equal(_user.User, _handler.Ended(incarnation)[0].User);
        await LeftAsync();
    }

    [Fact]
    public async Task Expiry_LeavesTheList()
    {
        await SignInAsync(_key, _user.User);
        _cluster.Clock.Advance(TimeSpan.FromMinutes(20));

        await _cluster.SweepAsync(_key);

        await LeftAsync();
    }

    [Fact]
    public async Task Expiry_NotSweptYet_IsNotListed()
    {
        await SignInAsync(_key, _user.User);
        _cluster.Clock.Advance(TimeSpan.FromMinutes(20));

        Assert.Empty(await _user.ListAsync());
        Assert.Empty((await _cluster.StoredUserAsync(_user.User)).Sessions);
    }

    [Fact]
    public async Task Rotation_ToANewKey_IsListedUnderIt()
    {
        Guid incarnation = await SignInAsync(_key, _user.User);
        string newKey = SessionTestCluster.NewKey();

        Assert.True(await _frontend.RotateAsync(_key, newKey, incarnation));

        Assert.Equal([newKey], await _user.KeysAsync());
        Assert.Equal(1, await _user.EndAllAsync());
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(newKey)).Outcome);
    }

    [Fact]
    public async Task Rotation_ThatFails_StaysListedUnderTheOldKey()
    {
        Guid incarnation = await SignInAsync(_key, _user.User);
        string newKey = SessionTestCluster.NewKey();
        await Eventually.TrueAsync("the creation is announced", () => _handler.Created(incarnation).Count == 1);
        _cluster.Faults.Always(_key, static operation => operation == StorageOperation.Write ? StorageFault.Lost : StorageFault.None);
        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.RotateAsync(_key, newKey, incarnation));
        _cluster.Faults.Heal(_key);

        Assert.Equal([_key], await _user.KeysAsync());
        await _user.EndAllAsync();
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SignIn_WhoseRegistrationIsNotAnswered_FailsAndMayBeRepeated(bool wasStored)
    {
        SessionCommit commit = UserFrontend.SigningIn(_user.User);
        _cluster.Faults.Next(_user.User, StorageOperation.Write, wasStored ? StorageFault.AnswerLost : StorageFault.Lost);

        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, commit));
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, commit)).Outcome);

        Assert.Equal([_key], await _user.KeysAsync());
    }

    [Fact]
    public async Task SignIn_WhoseSessionIsNotStored_LeavesNothingInTheList()
    {
        _cluster.Faults.Always(_key, static operation => operation == StorageOperation.Write ? StorageFault.Lost : StorageFault.None);
        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, UserFrontend.SigningIn(_user.User)));
        _cluster.Faults.Heal(_key);
        Assert.Single((await _cluster.StoredUserAsync(_user.User)).Sessions);

        Assert.Empty(await _user.ListAsync());

        Assert.Empty((await _cluster.StoredUserAsync(_user.User)).Sessions);
    }

    [Fact]
    public async Task SignIn_StoredWithoutAnAnswer_IsListed()
    {
        SessionCommit commit = UserFrontend.SigningIn(_user.User);
        int writes = 0;
        _cluster.Faults.Always(_key, operation => operation == StorageOperation.Read && writes > 0 ? StorageFault.Lost
            : operation == StorageOperation.Write && Interlocked.Increment(ref writes) == 1 ? StorageFault.AnswerLost : StorageFault.None);
        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.CommitAsync(_key, commit));
        _cluster.Faults.Heal(_key);

        Assert.Equal([_key], await _user.KeysAsync());
        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, commit)).Outcome);
    }

    private Task LeftAsync() =>
        Eventually.TrueAsync("the user has no list", async () => !await _cluster.Store.Database.KeyExistsAsync(_cluster.Store.UserKey(_user.User)));
}
