using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OrleansSessions.Contracts;

/// <summary>Session after its last acknowledged commit.</summary>
[GenerateSerializer, Immutable, Alias("session.snapshot")]
public sealed record SessionSnapshot
{
    /// <summary>Maximum length of <see cref="TicketUser"/>, in characters.</summary>
    public const int MaxTicketUser = 64;

    // One of the two is set from the start, and only that one is serialized. The other is created on first use.
    [NonSerialized]
    private byte[]? _packed;

    [NonSerialized]
    private ImmutableArray<SessionEntry> _entries;

    /// <summary>Creates a snapshot.</summary>
    public SessionSnapshot()
    {
    }

    /// <summary>Creates a snapshot of packed entries.</summary>
    [SetsRequiredMembers]
    internal SessionSnapshot(byte[] packed)
    {
        _packed = packed;
        Silo = "";
    }

    /// <summary>
    /// The random id given to the session at its creation. Only callers with access to the session learn it, so it authorizes later calls. Destroying and re-creating
    /// a session under one token creates a new one.
    /// </summary>
    [Id(0)]
    public required Guid Incarnation { get; init; }

    /// <summary>The number of commits so far, at least 1.</summary>
    [Id(1)]
    public required long Version { get; init; }

    /// <summary>The entries, in the order in which they were first set.</summary>
    /// <remarks>They are serialized packed, and unpacked on first use.</remarks>
    public required ImmutableArray<SessionEntry> Entries
    {
        get => _entries.IsDefault ? _entries = EntryPacking.Unpack(_packed) : _entries;
        init => (_entries, _packed) = (value, null);
    }

    /// <summary>When the session was created (UTC).</summary>
    [Id(3)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the session ends unless it is used before (UTC).</summary>
    [Id(4)]
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The session's current idle timeout.</summary>
    [Id(5)]
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>The name of the silo that holds the session.</summary>
    [Id(6)]
    public required string Silo { get; init; }

    /// <summary>How the entries form one value.</summary>
    [Id(7)]
    public SessionShape Shape { get; init; }

    /// <summary>Whose the session is; null: it is not signed in.</summary>
    [Id(9)]
    public SessionIdentity? Identity { get; init; }

    /// <summary>
    /// The first user whose authentication ticket came with a request that stored something in the session, or signed in with it: a <see cref="UserKey.Value"/>, or what
    /// frontends write for a user without one. It outlives the ticket, so that the entries don't pass to another user. Null: the session was anonymous so far. The session is
    /// not signed in by it.
    /// </summary>
    [Id(10)]
    public string? TicketUser { get; init; }

    /// <summary>
    /// How often the session has got more rights by a rotation that names no user: <see cref="SecretRotation.IsPrivilegeChange"/> without <see cref="SessionSignIn"/>.
    /// <see cref="Identity"/> tells of those that name one.
    /// </summary>
    [Id(11)]
    public long PrivilegeChanges { get; init; }

    /// <summary>The packed entries, as serialized. Set by the deserializer only. Id 2 was used before entries were packed.</summary>
    [Id(8)]
    internal byte[] Packed
    {
        get => _packed ??= EntryPacking.Pack(_entries);
        set => _packed = value;
    }
}
