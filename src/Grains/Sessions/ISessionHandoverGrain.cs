using Orleans.Concurrency;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// How a rotation moves a session from one key's grain to another's. The copy is written first and counts for nothing; the old key's tombstone
/// is the moment at which the session has moved; then the copy is confirmed. So a crash or an outage on the way loses neither the session nor its end.
/// </summary>
[Alias("session.handover")]
internal interface ISessionHandoverGrain : IGrainWithStringKey
{
    /// <summary>Stores a provisional copy of a session.</summary>
    /// <param name="session">The session as it is stored.</param>
    [Alias("adopt"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    Task AdoptAsync(byte[] session);

    /// <summary>The session lives here now.</summary>
    [Alias("confirm"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    Task ConfirmAsync(Guid incarnation);

    /// <summary>Whether the session that was here lives under another key now. It may be asked while a confirmation is under way, so it waits for no turn.</summary>
    [Alias("has-moved"), AlwaysInterleave, ResponseTimeout(SessionCalls.LongResponseTimeout)]
    Task<bool> HasMovedAsync(string newKey, Guid incarnation);

    /// <summary>Does in a turn of its own what is left to do after an answer was given: events, confirmation, an unsaved touch.</summary>
    [Alias("settle"), OneWay]
    Task SettleAsync();
}
