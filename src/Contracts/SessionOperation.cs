namespace OrleansSessions.Contracts;

/// <summary>Identity of one call, so that its retries have one effect, and none after the caller has given up.</summary>
/// <param name="Id">A new random id for each call, the same for its retries.</param>
/// <param name="Deadline">When the caller gives up (UTC). Later the call has no effect.</param>
[GenerateSerializer, Immutable, Alias("session.operation")]
public sealed record SessionOperation([property: Id(0)] Guid Id, [property: Id(1)] DateTimeOffset Deadline)
{
    /// <summary>
    /// Maximum time between now and a deadline: one minute. A session remembers its operations until their deadlines, so this bounds its memory.
    /// </summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(1);

    /// <summary>Who makes the call, for event handlers: see <see cref="SessionActor"/>. Null: not told.</summary>
    [Id(2)]
    public string? Actor { get; init; }
}
