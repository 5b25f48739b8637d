using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Tickets in sessions that a call from elsewhere is about to end: afterwards no process can read them.</summary>
internal interface IEndingTickets
{
    /// <summary>Whether anything is to be done after such an end.</summary>
    bool AreWanted { get; }

    /// <summary>Reads the ticket that a session keeps.</summary>
    /// <returns>What to do when the session has ended, without waiting and without exceptions; null: nothing.</returns>
    ValueTask<Action?> FindAsync(SessionKey key, SessionDescription session, CancellationToken cancellationToken);
}
