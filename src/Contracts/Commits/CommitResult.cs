using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>The answer to a commit.</summary>
[GenerateSerializer, Immutable, Alias("session.commit-result")]
public sealed record CommitResult
{
    /// <summary>What became of the commit.</summary>
    [Id(0)]
    public required CommitOutcome Outcome { get; init; }

    /// <summary>The session's version that this commit made; 0 if it was not applied.</summary>
    [Id(1)]
    public long Version { get; init; }

    /// <summary>The session's incarnation; empty if it was not applied.</summary>
    [Id(2)]
    public Guid Incarnation { get; init; }

    /// <summary>The sums, one for each <see cref="SessionChangeKind.Add"/> of the commit, in their order.</summary>
    [Id(3)]
    public ImmutableArray<long> Numbers { get; init; } = [];

    /// <summary>When the session now ends unless it is used before.</summary>
    [Id(4)]
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The broken limit, with <see cref="CommitOutcome.LimitExceeded"/>.</summary>
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
}
