namespace OrleansSessions.Contracts;

/// <summary>Line of the audit trail. It holds keys, which are hashes: no user id, no token, no entry.</summary>
[GenerateSerializer, Immutable, Alias("session.audit-event")]
public sealed record AuditEvent
{
    /// <summary>The place in the trail: later events have greater ones.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>What happened.</summary>
    [Id(1)]
    public required AuditKind Kind { get; init; }

    /// <summary>When it happened (UTC).</summary>
    [Id(2)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The <see cref="Contracts.SessionKey.Value"/>.</summary>
    [Id(3)]
    public required string SessionKey { get; init; }

    /// <summary>Unique id of the session. With the kind it tells repetitions of <see cref="AuditKind.Created"/> and <see cref="AuditKind.Ended"/>.</summary>
    [Id(4)]
    public required Guid Incarnation { get; init; }

    /// <summary>The <see cref="UserKey.Value"/> of the user that the session is signed in as; null: none.</summary>
    [Id(5)]
    public string? User { get; init; }

    /// <summary>Why it ended; null: it did not.</summary>
    [Id(6)]
    public EndReason? Reason { get; init; }

    /// <summary>Who ended it: see <see cref="SessionActor"/>. Null: it did not end.</summary>
    [Id(7)]
    public string? Actor { get; init; }

    /// <summary>Further details, such as the method of an authentication. Null: none.</summary>
    [Id(8)]
    public string? Detail { get; init; }

    /// <summary>The silo that told it.</summary>
    [Id(9)]
    public required string Silo { get; init; }

    /// <summary>The <see cref="UserKey.Value"/> of the administrator who acts as the user; null: it is the user.</summary>
    [Id(10)]
    public string? ImpersonatedBy { get; init; }
}
