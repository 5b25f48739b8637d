using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Users;

/// <summary>Decision on a registration: added, refused, or added while others end. Pure.</summary>
internal static class RegistrationRules
{
    /// <summary>Returns the list with the session.</summary>
    /// <param name="current">The list.</param>
    /// <param name="registration">The session.</param>
    /// <param name="options">The limit.</param>
    /// <param name="seen">What the listed sessions' grains have told; null: they have not been asked.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="outcome">The outcome; null: the limit is reached, and the grains must be asked first.</param>
    public static UserSessionsState Apply(
        UserSessionsState current,
        UserRegistration registration,
        SessionClusterOptions options,
        SeenSessions? seen,
        long nowMs,
        out RegistrationOutcome? outcome)
    {
        if (nowMs > registration.UntilMs)
        {
            outcome = RegistrationOutcome.TooLate;
            return current;
        }

        if (current.Find(registration.SessionKey, registration.SignInId) is { } known)
        {
            outcome = known.IsEnding ? RegistrationOutcome.Ended : RegistrationOutcome.Registered;
            return known.IsEnding ? current

                // Repeated. A call that has found its earlier attempt to be dead, and is about to remove it, must see that this is another one.
                : known.SignInId == registration.SignInId ? current.Remove(new HashSet<RegisteredSession> { known }).Add(known)
                : current.Replace(
                    known, known with { SignInId = registration.SignInId, SignedInAtMs = registration.SignedInAtMs, Tags = registration.Tags });
        }

        if (registration.Beside is { } own && current.Find(own) is not { IsEnding: false })
        {
            outcome = RegistrationOutcome.Ended;
            return current;
        }

        current = current.Separate(registration.SessionKey);
        RegisteredSession added = ToSession(registration);
        int excess = added.Counts ? current.Counted + 1 - (options.MaxSessionsPerUser ?? int.MaxValue) : 0;
        if (excess > 0)
        {
            if (seen is null)
            {
                outcome = null;
                return current;
            }

            current = current.Remove(seen.Gone);
            excess = current.Counted + 1 - options.MaxSessionsPerUser!.Value;
        }

        if (excess > 0 && options.WhenTooManySessions == TooManySessions.RefuseNew)
        {
            outcome = RegistrationOutcome.TooManySessions;
            return current;
        }

        if (excess > 0)
        {
            HashSet<RegisteredSession> leastRecentlyUsed =
                [.. current.Sessions.Where(static session => session.Counts).OrderBy(seen!.LastUsedMs).ThenBy(static session => session.Number).Take(excess)];
            current = current.End(leastRecentlyUsed.Contains, EndReason.SessionLimit);
        }

        outcome = RegistrationOutcome.Registered;
        return current.Add(added);
    }

    public static RegisteredSession ToSession(UserRegistration registration) => new()
    {
        SessionKey = registration.SessionKey,
        SignInId = registration.SignInId,
        SignedInAtMs = registration.SignedInAtMs,
        Tags = registration.Tags,
        Beside = registration.Beside,
    };
}
