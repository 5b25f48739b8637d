namespace OrleansSessions.Contracts;

/// <summary>Counts of one silo.</summary>
[GenerateSerializer, Immutable, Alias("session.silo-statistics")]
public sealed record SiloStatistics
{
    /// <summary>The silo's name.</summary>
    [Id(0)]
    public required string Silo { get; init; }

    /// <summary>Whether the silo answered. If not, all counts are 0.</summary>
    [Id(1)]
    public bool HasAnswered { get; init; }

    /// <summary>The number of sessions in its memory.</summary>
    [Id(2)]
    public long InMemory { get; init; }

    /// <summary>The number of sessions that it has created since it started.</summary>
    [Id(3)]
    public long Created { get; init; }

    /// <summary>The number of sessions that it has ended since it started.</summary>
    [Id(4)]
    public long Ended { get; init; }

    /// <summary>The number of commits that it has answered since it started.</summary>
    [Id(5)]
    public long Commits { get; init; }
}
