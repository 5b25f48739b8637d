using Orleans.Concurrency;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// Rotation protocol between the old and the new key's grain. The copy is written first and has no effect yet; writing the old key's tombstone moves the session;
/// then the copy is confirmed. So a crash or an outage in between loses neither the session nor its end.
/// </summary>
[Alias("session.handover")]
internal interface ISessionHandoverGrain : IGrainWithStringKey
{
    /// <summary>Stores a provisional copy of a session.</summary>
    /// <param name="session">The stored bytes of the session.</param>
    [Alias("adopt"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    Task AdoptAsync(byte[] session);

    /// <summary>Confirms that the session now lives here.</summary>
    [Alias("confirm"), ResponseTimeout(SessionCalls.LongResponseTimeout)]
    Task ConfirmAsync(Guid incarnation);

    /// <summary>Whether the session formerly here now lives under another key. May be called during a confirmation, so it waits for no turn.</summary>
    [Alias("has-moved"), AlwaysInterleave, ResponseTimeout(SessionCalls.LongResponseTimeout)]
    Task<bool> HasMovedAsync(string newKey, Guid incarnation);

    /// <summary>Runs, in its own turn, work left after an answer was given: events, confirmation, an unsaved touch.</summary>
    [Alias("settle"), OneWay]
    Task SettleAsync();
}
