using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// Steps of a rotation that moves a session, because its token has no secret part, at the old and the new key: a provisional copy, the tombstone (the moment of the
/// move), the confirmation. A crash between any two leaves exactly one session.
/// </summary>
internal sealed class SessionRotation(IGrainFactory grains, UserIndex users, CommitEvents events)
{
    /// <summary>Moves the session from here. Returns false if that incarnation is no longer here.</summary>
    public async Task<bool> RotateAsync(StoredSession session, string newKey, Guid incarnation, DateTimeOffset? deadline, SecretHash secret)
    {
        long now = session.NowMs;
        SessionState current = session.Current;
        if (incarnation != current.Incarnation || now > deadline?.ToUnixTimeMilliseconds() || current.SignedIn?.Identity.ImpersonatedBy is not null)
        {
            // Impersonations have a secret, which is replaced in place.
            return false;
        }

        if (!session.IsActive(now))
        {
            // True for a retry of the call that moved it.
            return current.Ending?.MovedTo == newKey;
        }

        if (!await users.MoveAsync(session, newKey, current.SignedIn))
        {
            // Its user's sessions are being ended, this one included.
            return false;
        }

        session.Touch(now);
        byte[] copy = SessionStateFormat.Write(
            current with { LastUsedAtMs = session.LastUsedAtMs, MovedFrom = session.Key, Secret = secret, Retired = null });
        await grains.GetGrain<ISessionHandoverGrain>(newKey).AdoptAsync(copy);
        if (session.NowMs > deadline?.ToUnixTimeMilliseconds())
        {
            // The caller has given up, so no client knows the new key. The copy there is provisional and expires unnoticed.
            return false;
        }

        await session.StoreAsync(session.Current.ToTombstone(
            new() { RemoveAtMs = session.TombstoneUntilMs(now), MovedTo = newKey, HandoverPending = true }));
        await events.MovedAsync(session.Key, newKey, current, now);
        return true;
    }

    /// <summary>Accepts the copy.</summary>
    public static async Task<bool> AdoptAsync(StoredSession session, SessionState copy)
    {
        SessionState current = session.Current;
        bool repeated = current is { Status: SessionStatus.Active, Provisional: true } && current.Incarnation == copy.Incarnation;
        if (current.Status != SessionStatus.None && !repeated)
        {
            throw new InvalidOperationException("A session can only be rotated to a key that was never used.");
        }

        session.Touch(copy.LastUsedAtMs);
        await session.StoreAsync(copy with { Provisional = true, IndexedDeadlineMs = 0 });
        return true;
    }

    /// <summary>Turns the copy into the session.</summary>
    public static async Task<bool> ConfirmAsync(StoredSession session, Guid incarnation)
    {
        if (session.Current is { Status: SessionStatus.Active, Provisional: true } copy && copy.Incarnation == incarnation)
        {
            await session.StoreAsync(copy with { Provisional = false });
        }

        return true;
    }
}
