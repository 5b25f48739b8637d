using OrleansSessions.Contracts;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Users;

/// <summary>Sign-ins set a session's identity.</summary>
[Collection(typeof(EventClusterCollection))]
public sealed class SignInTests(EventClusterFixture fixture) : SessionOfOneUser(fixture)
{
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
        int before = SessionCalls().Length;

        await _frontend.CommitAsync(_key, Secrets.Rotating(created.Incarnation, first, second));
        Assert.Equal(["CommitAsync"], SessionCalls()[before..].Distinct());
        await _frontend.CommitAsync(_key, Secrets.Rotating(created.Incarnation, second, third) with { SignIn = new() { User = _user.User } });

        // Each once, unless a busy machine answers too late and the frontend repeats its call.
        Assert.Equal(["CommitAsync"], SessionCalls()[before..].Distinct());
        Assert.Equal(["RegisterAsync"], _cluster.Calls.Of(_user.User).Distinct());

        // Without the session's messages to itself, which follow an answer at any time.
        string[] SessionCalls() => [.. _cluster.Calls.Of(_key).Where(static method => method != nameof(ISessionHandoverGrain.SettleAsync))];
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
    public async Task SignIn_WithoutAUserKey_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _frontend.CommitAsync(_key, UserFrontend.SigningIn("ada@example.com")));
}
