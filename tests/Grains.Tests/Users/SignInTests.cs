using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Events;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Users;

[Collection(typeof(EventClusterCollection))]
public sealed class SignInTests(EventClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly RecordingHandler _handler = fixture.Cluster.Handler!;
    private readonly UserFrontend _user = fixture.Cluster.UserFrontends(UserFrontend.NewUser())[0];
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task SignIn_OfASession_SetsIdentityAndEntriesAndSecretInOneCommit()
    {
        (SecretHash first, SecretHash second) = (Secrets.New(), Secrets.New());
        CommitResult created = await _frontend.CommitAsync(_key, Secrets.Creating(first, Entries.Set("cart", "7")));
        SessionSignIn signIn = new()
        {
            User = _user.User,
            AuthenticatedAt = _cluster.Clock.GetUtcNow().AddMinutes(-1),
            Method = "pwd",
            Tags = ["tenant:acme"],
            Device = new() { UserAgent = "Mozilla/5.0", Address = "192.0.2.7", Label = "Ada's phone" },
        };

        CommitResult result = await _frontend.CommitAsync(
            _key, Secrets.Rotating(created.Incarnation, first, second, Entries.Set("name", "ada")) with { SignIn = signIn });

        Assert.Equal((CommitOutcome.Applied, 2L), (result.Outcome, result.Version));
        await _cluster.DeactivateAsync(_key);
        SessionSnapshot loaded = (await _frontend.LoadAsync(_key, second)).Snapshot!;
        Assert.Equal(["cart=7", "name=ada"], loaded.Entries.Text());
        SessionIdentity expected = new()
        {
            User = _user.User,
            SignedInAt = _cluster.Clock.GetUtcNow(),
            LastSignInAt = _cluster.Clock.GetUtcNow(),
            AuthenticatedAt = signIn.AuthenticatedAt.Value,
            Method = "pwd",
            Tags = ["tenant:acme"],
        };
        Assert.Equivalent(expected, loaded.Identity, strict: true);
        Assert.Equivalent(expected, result.Identity, strict: true);
        UserSession listed = Assert.Single(await _user.ListAsync());
        Assert.Equal(_key, listed.SessionKey);
        Assert.Equal(signIn.Device, listed.Description.Device);
    }

    /// <summary>The session's grain calls its user's list, and nothing else.</summary>
    [Fact]
    public async Task SignIn_CostsOneGrainCallMoreThanARotation()
    {
        (SecretHash first, SecretHash second, SecretHash third) = (Secrets.New(), Secrets.New(), Secrets.New());
        CommitResult created = await _frontend.CommitAsync(_key, Secrets.Creating(first, Entries.Set("cart", "7")));
        int before = _cluster.Calls.Of(_key).Count;

        await _frontend.CommitAsync(_key, Secrets.Rotating(created.Incarnation, first, second));
        Assert.Equal(["CommitAsync"], _cluster.Calls.Of(_key).Skip(before).Distinct());
        await _frontend.CommitAsync(_key, Secrets.Rotating(created.Incarnation, second, third) with { SignIn = new() { User = _user.User } });

        // Each once, unless a busy machine answers too late and the frontend repeats its call.
        Assert.Equal(["CommitAsync"], _cluster.Calls.Of(_key).Skip(before).Distinct());
        Assert.Equal(["RegisterAsync"], _cluster.Calls.Of(_user.User).Distinct());
    }

    [Fact]
    public async Task SignIn_OfANewSession_CreatesIt()
    {
        CommitResult result = await _frontend.CommitAsync(_key, UserFrontend.SigningIn(_user.User));

        Assert.Equal((CommitOutcome.Applied, 1L), (result.Outcome, result.Version));
        Assert.Equal(_user.User, (await _frontend.SnapshotAsync(_key)).Identity!.User);
        Assert.Equal([_key], await _user.KeysAsync());
    }

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
    public async Task SignIn_AgainAsTheSameUser_RenewsTheAuthenticationAndKeepsWhenItBegan()
    {
        DateTimeOffset began = _cluster.Clock.GetUtcNow();
        await SignInAsync(_key, _user.User);
        _cluster.Clock.Advance(TimeSpan.FromMinutes(5));

        await SignInAsync(_key, _user.User);

        SessionIdentity identity = (await _frontend.SnapshotAsync(_key)).Identity!;
        Assert.Equal((began, began.AddMinutes(5), began.AddMinutes(5)), (identity.SignedInAt, identity.AuthenticatedAt, identity.LastSignInAt));
    }

    [Fact]
    public async Task SignIn_AuthenticatedInTheFuture_CountsAsNow()
    {
        SessionSignIn signIn = new() { User = _user.User, AuthenticatedAt = _cluster.Clock.GetUtcNow().AddHours(1) };

        await _frontend.CommitAsync(_key, Commit.Of() with { SignIn = signIn });

        Assert.Equal(_cluster.Clock.GetUtcNow(), (await _frontend.SnapshotAsync(_key)).Identity!.AuthenticatedAt);
    }

    /// <summary>A ticket that is issued again, to refresh its claims: nobody has signed in.</summary>
    [Fact]
    public async Task SignIn_ThatOnlyIssuesTheTicketAgain_LeavesTheLastSignIn()
    {
        (SecretHash first, SecretHash second, SecretHash third) = (Secrets.New(), Secrets.New(), Secrets.New());
        DateTimeOffset began = _cluster.Clock.GetUtcNow();
        SessionSignIn signIn = new() { User = _user.User };
        CommitResult created = await _frontend.CommitAsync(_key, Secrets.Creating(first) with { SignIn = signIn });
        _cluster.Clock.Advance(TimeSpan.FromMinutes(5));

        CommitResult again = await _frontend.CommitAsync(_key, Secrets.Rotating(created.Incarnation, first, second) with { SignIn = signIn });
        Assert.Equal(began, again.Identity!.LastSignInAt);

        CommitResult anew = await _frontend.CommitAsync(_key, Secrets.Rotating(created.Incarnation, second, third).AsPrivilegeChange() with { SignIn = signIn });
        Assert.Equal(began.AddMinutes(5), anew.Identity!.LastSignInAt);
        await _cluster.DeactivateAsync(_key);
        Assert.Equal(began.AddMinutes(5), (await _frontend.LoadAsync(_key, third)).Snapshot!.Identity!.LastSignInAt);
    }

    [Fact]
    public async Task SignIn_AsAnotherUser_BeginsAnew()
    {
        await SignInAsync(_key, UserFrontend.NewUser());
        _cluster.Clock.Advance(TimeSpan.FromMinutes(5));

        await SignInAsync(_key, _user.User);

        Assert.Equal(_cluster.Clock.GetUtcNow(), (await _frontend.SnapshotAsync(_key)).Identity!.SignedInAt);
    }

    [Fact]
    public async Task Commit_OfASignedInSession_KeepsItsIdentity()
    {
        await SignInAsync(_key, _user.User);

        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        Assert.Equal(_user.User, (await _frontend.SnapshotAsync(_key)).Identity!.User);
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

    [Fact]
    public async Task SignIn_WithoutAUserKey_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _frontend.CommitAsync(_key, UserFrontend.SigningIn("ada@example.com")));

    private Task LeftAsync() =>
        Eventually.TrueAsync("the user has no list", async () => !await _cluster.Store.Database.KeyExistsAsync(_cluster.Store.UserKey(_user.User)));

    private async Task<Guid> SignInAsync(string key, string user)
    {
        CommitResult result = await _frontend.CommitAsync(key, UserFrontend.SigningIn(user, Entries.Set("a", "1")));
        Assert.Equal(CommitOutcome.Applied, result.Outcome);
        return result.Incarnation;
    }
}
