using OrleansSessions.Contracts;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Users;

namespace OrleansSessions.Grains.Tests.Events;

/// <summary>What handlers learn of sign-ins and rotations, and of who ended a session.</summary>
[Collection(typeof(EventClusterCollection))]
public sealed class ActorTests(EventClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly RecordingHandler _handler = fixture.Cluster.Handler!;
    private readonly string _key = SessionTestCluster.NewKey();
    private readonly string _user = UserFrontend.NewUser();

    [Fact]
    public async Task SignedIn_IsToldWithTheIdentityWhenTheCallIsAnswered()
    {
        CommitResult signedIn = await SignInAsync();

        SessionSignedIn told = Assert.Single(_handler.SignedIn(signedIn.Incarnation));
        Assert.Equal((_key, signedIn.Identity), (told.SessionKey, told.Identity));
    }

    [Fact]
    public async Task SignedIn_Again_IsAStepUpIfTheUserHasAuthenticatedAgain()
    {
        CommitResult first = await SignInAsync(minutesAgo: 10);
        await SignInAsync(minutesAgo: 5);
        await SignInAsync(minutesAgo: 5);

        Assert.Equal([false, true, false], _handler.SignedIn(first.Incarnation).Select(static told => told.IsStepUp));

        Task<CommitResult> SignInAsync(int minutesAgo) => _frontend.CommitAsync(
            _key, Commit.Of() with { SignIn = new() { User = _user, AuthenticatedAt = _cluster.Clock.GetUtcNow().AddMinutes(-minutesAgo) } });
    }

    [Fact]
    public async Task SignedIn_RepeatedCall_IsToldOnce()
    {
        SessionCommit commit = UserFrontend.SigningIn(_user, Entries.Set("a", "1"));
        CommitResult signedIn = await _frontend.CommitAsync(_key, commit);

        Assert.Equal(signedIn.Incarnation, (await _frontend.CommitAsync(_key, commit)).Incarnation);
        Assert.Single(_handler.SignedIn(signedIn.Incarnation));
    }

    [Fact]
    public async Task SignedIn_FailingHandler_DoesNotFailTheSignIn()
    {
        _handler.FailNext(_key);

        Assert.Equal(CommitOutcome.Applied, (await SignInAsync()).Outcome);
    }

    [Fact]
    public async Task Rotated_BySecret_IsToldWithTheUser()
    {
        var first = SecretHash.Of("a first secret of its own");
        CommitResult created = await _frontend.CommitAsync(_key, UserFrontend.SigningIn(_user, Entries.Set("a", "1")) with { Secret = first });

        var rotation = new SecretRotation { From = first, To = SecretHash.Of("a second one"), Grace = TimeSpan.Zero, EndOnReuse = true };
        await _frontend.CommitAsync(_key, Commit.BasedOn(created.Incarnation) with { Rotation = rotation });

        SessionRotated told = Assert.Single(_handler.Rotated(created.Incarnation));
        Assert.Equal((_key, _user, null), (told.SessionKey, told.User, told.MovedTo));
    }

    [Fact]
    public async Task Ended_ByAnAdministrator_NamesThem()
    {
        CommitResult signedIn = await SignInAsync();

        Assert.Equal(1, await _cluster.UserSessions(_user).EndAllAsync(EndReason.EndedByAdministrator, actor: SessionActor.Administrator("Ada")));

        SessionEnded ended = await EndedAsync(signedIn.Incarnation);
        Assert.Equal((EndReason.EndedByAdministrator, "administrator:Ada", _user), (ended.Reason, ended.Actor, ended.User));
    }

    [Fact]
    public async Task Ended_FromAnotherSession_NamesThatSession()
    {
        CommitResult signedIn = await SignInAsync();
        string other = SessionTestCluster.NewKey();

        Assert.True(await _cluster.UserSessions(_user).EndAsync(_key, EndReason.EndedByUser, SessionActor.Session(other)));

        Assert.Equal($"session:{other}", (await EndedAsync(signedIn.Incarnation)).Actor);
    }

    [Fact]
    public async Task Ended_ByItsHolder_SaysSo()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));

        await _frontend.DestroyAsync(_key, created.Incarnation);

        Assert.Equal(SessionActor.Holder, (await EndedAsync(created.Incarnation)).Actor);
    }

    [Fact]
    public async Task Ended_ByTheSweep_IsTheClusters()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        _cluster.Clock.SetUtcNow(created.ExpiresAt);

        await _cluster.SweepAsync(_key);

        Assert.Equal(SessionActor.Cluster, (await EndedAsync(created.Incarnation)).Actor);
    }

    private Task<CommitResult> SignInAsync() => _frontend.CommitAsync(_key, UserFrontend.SigningIn(_user, Entries.Set("a", "1")));

    private async Task<SessionEnded> EndedAsync(Guid incarnation)
    {
        await Eventually.TrueAsync("the end is announced", () => _handler.Ended(incarnation).Count > 0);
        return _handler.Ended(incarnation)[0];
    }
}
