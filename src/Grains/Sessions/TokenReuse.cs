using OrleansSessions.Contracts;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Reaction to a secret presented after its grace: ends the session if the last rotation requested it, and notifies event handlers.</summary>
internal sealed class TokenReuse(SessionDestruction destruction, SessionEvents events)
{
    /// <summary>
    /// Ends the session, then notifies event handlers: a failing or slow handler must not keep the session open. Returns false if it is not, or no longer, reuse.
    /// </summary>
    public async Task<bool> AnswerAsync(StoredSession session, SecretHash secret, long presentedMs)
    {
        long now = session.NowMs;
        SessionState current = session.Current;
        if (session.Judge(secret, incarnation: null, presentedMs, now) != SecretStanding.UsedUp || current.Retired is not { } retired)
        {
            return false;
        }

        int place = retired.Find(secret);
        var reused = new SessionTokenReused(session.Key, current.Incarnation, DateTimeOffset.FromUnixTimeMilliseconds(now), retired.EndOnReuse)
        {
            User = current.SignedIn?.Identity.User,
            ImpersonatedBy = current.SignedIn?.Identity.ImpersonatedBy,
        };
        if (retired.EndOnReuse)
        {
            await destruction.DestroyAsync(session, current.Incarnation, EndReason.TokenReuse, operation: null);
            await events.TokenReusedAsync(reused);
        }
        else if (events.HasHandlers && retired.IsReportDue(place, now) && await events.TokenReusedAsync(reused))
        {
            // Stored with the next write; a crash before it repeats the event.
            session.Amend(session.Current with { Retired = retired.Reported(place, now) });
        }

        return true;
    }
}
