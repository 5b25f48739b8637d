using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>Counts of the cluster.</summary>
[GenerateSerializer, Immutable, Alias("session.statistics")]
public sealed record SessionStatistics
{
    /// <summary>When they were taken (UTC).</summary>
    [Id(0)]
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// The number of sessions in Redis, of all namespaces. Sessions that ended a short while ago are included until the sweep has removed what is left of them.
    /// </summary>
    [Id(1)]
    public required long Stored { get; init; }

    /// <summary>The active silos, by name.</summary>
    [Id(2)]
    public required ImmutableArray<SiloStatistics> Silos { get; init; }
}
