using OrleansSessions.Resp.Sessions;

namespace OrleansSessions.Resp.Import;

/// <summary>A session as it lies in the old Redis.</summary>
/// <param name="Payload">Its contents.</param>
/// <param name="TimeToLive">How long it had left.</param>
internal sealed record OldSession(Payload Payload, TimeSpan TimeToLive);
