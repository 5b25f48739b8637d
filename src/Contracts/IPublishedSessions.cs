namespace OrleansSessions.Contracts;

/// <summary>
/// Acknowledged states of the sessions that are active in this process' silo. Callers in the same process read them without a message to the grain, under the same
/// lease and with the same answers.
/// </summary>
internal interface IPublishedSessions
{
    /// <summary>Answers a load.</summary>
    /// <param name="key">The session.</param>
    /// <param name="touch">Whether this use of the session moves its idle deadline.</param>
    /// <param name="secret">The caller's secret; default: it has none.</param>
    /// <param name="incarnation">The incarnation that was loaded before; null: none.</param>
    /// <returns>The session; null: only its grain can tell.</returns>
    LoadResult? Load(SessionKey key, bool touch, SecretHash secret = default, Guid? incarnation = null);

    /// <summary>Moves the idle deadline of a session that has no secret.</summary>
    /// <returns>Whether it was moved; if not, only the grain can do it.</returns>
    bool Refresh(SessionKey key);
}
