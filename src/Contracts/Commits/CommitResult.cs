using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>Result of a commit.</summary>
[GenerateSerializer, Immutable, Alias("session.commit-result")]
public sealed record CommitResult
{
    /// <summary>The outcome.</summary>
    [Id(0)]
    public required CommitOutcome Outcome { get; init; }

    /// <summary>The session's version after this commit; 0 if it was not applied.</summary>
    [Id(1)]
    public long Version { get; init; }

    /// <summary>The session's incarnation; empty if the commit was not applied.</summary>
    [Id(2)]
    public Guid Incarnation { get; init; }

    /// <summary>The sums, one per <see cref="SessionChangeKind.Add"/> of the commit, in order.</summary>
    [Id(3)]
    public ImmutableArray<long> Numbers { get; init; } = [];

    /// <summary>When the session ends unless it is used before.</summary>
    [Id(4)]
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The exceeded limit, with <see cref="CommitOutcome.LimitExceeded"/>.</summary>
    [Id(5)]
    public LimitViolation? Violation { get; init; }

    /// <summary>The entry at fault, with <see cref="CommitOutcome.Conflict"/>, <see cref="CommitOutcome.NotANumber"/> and <see cref="CommitOutcome.InvalidName"/>.</summary>
    [Id(6)]
    public string? EntryName { get; init; }

    /// <summary>When the session was created.</summary>
    [Id(7)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The name of the silo that holds the session.</summary>
    [Id(8)]
    public string? Silo { get; init; }

    /// <summary>Whose the session is after a commit with <see cref="SessionCommit.SignIn"/>.</summary>
    [Id(9)]
    public SessionIdentity? Identity { get; init; }
}
