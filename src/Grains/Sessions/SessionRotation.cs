namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// The steps of a rotation, at the old key and at the new one: a provisional copy, the tombstone, which is the moment of the move, the confirmation. A crash between any
/// two leaves one session.
/// </summary>
internal sealed class SessionRotation(StoredSession session, IGrainFactory grains, string key, TimeSpan tombstoneGrace)
{
    private SessionState Current => session.Current;

    /// <summary>Moves the session from here. False: that incarnation is no longer here.</summary>
    public async Task<bool> RotateAsync(string newKey, Guid incarnation)
    {
        long now = session.NowMs;
        if (incarnation != Current.Incarnation)
        {
            return false;
        }

        if (!session.IsActive(now))
        {
            // True for a repetition of the call that moved it.
            return Current.Ending?.MovedTo == newKey;
        }

        session.Touch(now);
        await grains.GetGrain<ISessionHandoverGrain>(newKey).AdoptAsync(Current with { LastUsedAtMs = session.LastUsedAtMs, MovedFrom = key });
        await session.StoreAsync(Current.Buried(
            new() { RemoveAtMs = now + (long)tombstoneGrace.TotalMilliseconds, MovedTo = newKey, HandoverPending = true }));
        return true;
    }

    /// <summary>Takes the copy.</summary>
    public async Task<bool> AdoptAsync(SessionState copy)
    {
        bool repeated = Current is { Status: SessionStatus.Active, Provisional: true } && Current.Incarnation == copy.Incarnation;
        if (Current.Status != SessionStatus.None && !repeated)
        {
            throw new InvalidOperationException("A session can only be rotated to a key that was never used.");
        }

        session.Touch(copy.LastUsedAtMs);
        await session.StoreAsync(copy with { Provisional = true, IndexedDeadlineMs = 0 });
        return true;
    }

    /// <summary>Makes the copy the session.</summary>
    public async Task<bool> ConfirmAsync(Guid incarnation)
    {
        if (Current is { Status: SessionStatus.Active, Provisional: true } && Current.Incarnation == incarnation)
        {
            await session.StoreAsync(Current with { Provisional = false });
        }

        return true;
    }
}
