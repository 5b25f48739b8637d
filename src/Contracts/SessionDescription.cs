namespace OrleansSessions.Contracts;

/// <summary>Description of a session for administrators, without its content.</summary>
[GenerateSerializer, Immutable, Alias("session.description")]
public sealed record SessionDescription
{
    /// <summary>See <see cref="SessionSnapshot.Incarnation"/>.</summary>
    [Id(0)]
    public required Guid Incarnation { get; init; }

    /// <summary>See <see cref="SessionSnapshot.Version"/>.</summary>
    [Id(1)]
    public required long Version { get; init; }

    /// <summary>The number of entries.</summary>
    [Id(2)]
    public required int EntryCount { get; init; }

    /// <summary>The size as counted by the session's limit: the UTF-8 bytes of all names plus the bytes of all values.</summary>
    [Id(3)]
    public required long Bytes { get; init; }

    /// <summary>See <see cref="SessionSnapshot.CreatedAt"/>.</summary>
    [Id(4)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>See <see cref="SessionSnapshot.ExpiresAt"/>.</summary>
    [Id(5)]
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>See <see cref="SessionSnapshot.Silo"/>.</summary>
    [Id(6)]
    public required string Silo { get; init; }

    /// <summary>See <see cref="SessionCommit.Namespace"/>.</summary>
    [Id(7)]
    public string? Namespace { get; init; }

    /// <summary>Whose the session is; null: it is not signed in.</summary>
    [Id(8)]
    public SessionIdentity? Identity { get; init; }

    /// <summary>Where it was signed in from; null: not known, or it is not signed in.</summary>
    [Id(9)]
    public SessionDevice? Device { get; init; }

    /// <summary>When the session was last used (UTC).</summary>
    [Id(10)]
    public DateTimeOffset LastUsedAt { get; init; }

    /// <summary>See <see cref="SessionSnapshot.PrivilegeChanges"/>.</summary>
    [Id(11)]
    public long PrivilegeChanges { get; init; }
}
