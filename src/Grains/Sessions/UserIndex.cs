using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Calls of a session to the list of its user's sessions.</summary>
internal sealed class UserIndex(IGrainFactory grains)
{
    /// <summary>Lists a sign-in, also as the administrator's who acts as the user. What one list has and the other refused, it forgets when it is next read.</summary>
    /// <inheritdoc cref="IUserRegistrationGrain.RegisterAsync"/>
    public async ValueTask<RegistrationOutcome> RegisterAsync(StoredSession session, SessionCommit commit, long nowMs)
    {
        SessionSignIn signIn = commit.SignIn!;
        var registration = new UserRegistration
        {
            SessionKey = session.Key,
            SignInId = commit.OperationId,
            UntilMs = OperationLog.DeadlineMs(commit.Deadline, commit.Age, nowMs),
            SignedInAtMs = nowMs,
            Tags = signIn.Tags,
        };
        RegistrationOutcome outcome = await Of(signIn.User).RegisterAsync(registration);
        return outcome == RegistrationOutcome.Registered && signIn.ImpersonatedBy is { } actor
            ? await Of(actor).RegisterAsync(registration with { Beside = signIn.ImpersonatedFrom })
            : outcome;
    }

    /// <inheritdoc cref="IUserRegistrationGrain.MoveAsync"/>
    public async ValueTask<bool> MoveAsync(StoredSession session, string newKey, SignedIn? signedIn) =>
        signedIn is null || await Of(signedIn.Identity.User).MoveAsync(RegistrationOf(session.Key, signedIn), newKey);

    /// <summary>Undoes the registration of a sign-in whose commit was refused: the list says again what the session is.</summary>
    public async ValueTask WithdrawAsync(StoredSession session, PendingSignIn refused)
    {
        SignedIn? actual = session.IsActive(session.NowMs) ? session.Current.SignedIn : null;
        if (actual?.Identity.User != refused.User)
        {
            await Of(refused.User).LeaveAsync(session.Key, refused.OperationId);
            if (refused.ImpersonatedBy is { } actor)
            {
                await Of(actor).LeaveAsync(session.Key, refused.OperationId);
            }
        }
        else if (actual.SignInId != refused.OperationId)
        {
            await Of(refused.User).RestoreAsync(RegistrationOf(session.Key, actual), refused.OperationId);
        }
    }

    /// <summary>Removes a sign-in that has ended. If the message is lost, the list corrects itself when it is next read.</summary>
    /// <param name="sessionKey">The session's key.</param>
    /// <param name="signedIn">The sign-in; null: there was none.</param>
    /// <param name="reason">Why the session has ended. Its idle timeout is no reason to end an impersonation that it began: that one is in use meanwhile, instead of it.</param>
    public void Leave(string sessionKey, SignedIn? signedIn, EndReason reason)
    {
        if (signedIn is not null)
        {
            Of(signedIn.Identity.User).LeaveAsync(sessionKey, signedIn.SignInId, reason == EndReason.IdleTimeout ? null : reason).Ignore();
            if (signedIn.Identity.ImpersonatedBy is { } actor)
            {
                Of(actor).LeaveAsync(sessionKey, signedIn.SignInId).Ignore();
            }
        }
    }

    private static UserRegistration RegistrationOf(string sessionKey, SignedIn signedIn) => new()
    {
        SessionKey = sessionKey,
        SignInId = signedIn.SignInId,
        UntilMs = 0,
        SignedInAtMs = signedIn.Identity.SignedInAt.ToUnixTimeMilliseconds(),
        Tags = signedIn.Identity.Tags,
    };

    private IUserRegistrationGrain Of(string user) => grains.GetGrain<IUserRegistrationGrain>(user);
}
