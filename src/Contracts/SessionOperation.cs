namespace OrleansSessions.Contracts;

/// <summary>Identifies one call of a caller, so that repetitions of it have one effect, and none after the caller has given up.</summary>
/// <param name="Id">A new random id for each call, the same for its repetitions.</param>
/// <param name="Deadline">When the caller gives up (UTC). The call has no effect later.</param>
[GenerateSerializer, Immutable, Alias("session.operation")]
public sealed record SessionOperation([property: Id(0)] Guid Id, [property: Id(1)] DateTimeOffset Deadline)
{
    /// <summary>
    /// The longest time between now and a deadline: one minute. A session remembers its operations until their deadlines, so this bounds what it keeps.
    /// </summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(1);
}
