using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>Part of the audit trail.</summary>
[GenerateSerializer, Immutable, Alias("session.audit-page")]
public sealed record AuditPage
{
    /// <summary>Whether the cluster keeps a trail: <c>SessionCluster:Audit:Stream</c>.</summary>
    [Id(0)]
    public required bool IsKept { get; init; }

    /// <summary>The events in their order.</summary>
    [Id(1)]
    public ImmutableArray<AuditEvent> Events { get; init; } = [];

    /// <summary>Where to continue: the id of the last event read, or the given one if there was none.</summary>
    [Id(2)]
    public required string Cursor { get; init; }
}
