using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Users;

namespace OrleansSessions.Grains.Tests.Users;

public sealed class RegistrationRulesTests
{
    private const long Now = 1_767_225_600_000;

    private static readonly SessionClusterOptions Two = new() { MaxSessionsPerUser = 2 };

    [Fact]
    public void Registration_Repeated_IsAnotherOneForACallThatFoundTheEarlierAttemptDead()
    {
        UserSessionsState list = Register(UserSessionsState.None, "a", out _);
        HashSet<RegisteredSession> dead = [list.Sessions[0]];

        UserSessionsState repeated = Register(list, "a", out RegistrationOutcome? outcome);

        Assert.Equal(RegistrationOutcome.Registered, outcome);
        Assert.Same(repeated, repeated.Remove(dead));
        Assert.Equal("a", Assert.Single(repeated.Sessions).SessionKey);
    }

    [Fact]
    public void Registration_OfASessionThatIsBeingEnded_IsRefused()
    {
        UserSessionsState list = Register(UserSessionsState.None, "a", out _).End(static _ => true, EndReason.EndedByUser);

        Assert.Same(list, Register(list, "a", out RegistrationOutcome? outcome));
        Assert.Equal(RegistrationOutcome.Ended, outcome);
    }

    [Fact]
    public void Registration_AfterItsDeadline_ChangesNothing()
    {
        UserSessionsState list = RegistrationRules.Apply(UserSessionsState.None, Of("a"), Two, seen: null, Now + 1, out RegistrationOutcome? outcome);

        Assert.Same(UserSessionsState.None, list);
        Assert.Equal(RegistrationOutcome.TooLate, outcome);
    }

    [Fact]
    public void Registration_AtTheLimit_AsksFirstAndThenEndsTheLeastRecentlyUsed()
    {
        UserSessionsState list = Register(Register(UserSessionsState.None, "a", out _), "b", out _);

        Assert.Same(list, Register(list, "c", out RegistrationOutcome? outcome));
        Assert.Null(outcome);

        UserSessionsState next = RegistrationRules.Apply(list, Of("c"), Two, new SeenSessions(), Now, out outcome);
        Assert.Equal(RegistrationOutcome.Registered, outcome);
        Assert.Equal([("a", true), ("b", false), ("c", false)], next.Sessions.Select(static session => (session.SessionKey, session.IsEnding)));
        Assert.Equal(2, next.Counted);
    }

    [Fact]
    public void Impersonation_AtTheLimit_IsAddedAndEndsNothing()
    {
        UserSessionsState list = Register(Register(UserSessionsState.None, "a", out _), "b", out _);
        UserRegistration impersonation = Of("c") with { Tags = [SessionSignIn.ImpersonationTag] };

        UserSessionsState next = RegistrationRules.Apply(list, impersonation, Two, seen: null, Now, out RegistrationOutcome? outcome);

        Assert.Equal(RegistrationOutcome.Registered, outcome);
        Assert.Equal(3, next.Sessions.Length);
        Assert.DoesNotContain(next.Sessions, static session => session.IsEnding);
    }

    /// <summary>An administrator's sessions may be ended while one of them begins to act as a user.</summary>
    [Fact]
    public void Impersonation_BesideASessionThatIsBeingEnded_IsRefused()
    {
        UserSessionsState list = Register(UserSessionsState.None, "own", out _);
        UserRegistration impersonation = Of("c") with { Tags = [SessionSignIn.ImpersonationTag], Beside = "own" };

        RegistrationRules.Apply(list, impersonation, Two, seen: null, Now, out RegistrationOutcome? alive);
        UserSessionsState ending = list.End(static _ => true, EndReason.EndedByUser);
        UserSessionsState next = RegistrationRules.Apply(ending, impersonation, Two, seen: null, Now, out RegistrationOutcome? ended);

        Assert.Equal((RegistrationOutcome.Registered, RegistrationOutcome.Ended), (alive, ended));
        Assert.Same(ending, next);
    }

    [Fact]
    public void Session_ThatIsEnded_EndsTheImpersonationsBesideItToo()
    {
        UserSessionsState list = Register(Register(UserSessionsState.None, "own", out _), "phone", out _);
        UserRegistration impersonation = Of("c") with { Tags = [SessionSignIn.ImpersonationTag], Beside = "own" };
        list = RegistrationRules.Apply(list, impersonation, Two, seen: null, Now, out _);

        UserSessionsState next = list.End(static session => session.SessionKey == "own", EndReason.EndedByUser);

        Assert.Equal([("own", true), ("phone", false), ("c", true)], next.Sessions.Select(static session => (session.SessionKey, session.IsEnding)));
    }

    /// <summary>PHP can create a session under a key that another one has left.</summary>
    [Fact]
    public void Registration_OfASessionUnderAKeyThatAnotherOneLeft_ListsBoth()
    {
        UserSessionsState list = Register(UserSessionsState.None, "a", out _);
        list = list.Replace(list.Sessions[0], list.Sessions[0] with { SessionKey = "b", MovedFrom = "a", SignInId = Guid.NewGuid() });

        UserSessionsState next = Register(list, "a", out RegistrationOutcome? outcome);

        Assert.Equal(RegistrationOutcome.Registered, outcome);
        Assert.Equal([("b", null), ("a", null)], next.Sessions.Select(static session => (session.SessionKey, session.MovedFrom)));
    }

    private static UserSessionsState Register(UserSessionsState list, string key, out RegistrationOutcome? outcome) =>
        RegistrationRules.Apply(list, Of(key), Two, seen: null, Now, out outcome);

    private static UserRegistration Of(string key) =>
        new() { SessionKey = key, SignInId = new Guid(key[0], 0, 0, new byte[8]), UntilMs = Now, SignedInAtMs = Now };
}
