namespace OrleansSessions.LocalCluster.Demo;

/// <summary>What the demo's page shows.</summary>
internal sealed record DemoState
{
    public required long Requests { get; init; }

    public required long Failed { get; init; }

    /// <summary>Acknowledged changes that a later answer lacked.</summary>
    public required long Lost { get; init; }

    /// <summary>The slowest request of the last seconds, in milliseconds.</summary>
    public required long SlowestMs { get; init; }

    public required IReadOnlyList<DemoKill> Kills { get; init; }

    /// <summary>Seconds until a silo is killed next.</summary>
    public required int NextKillSeconds { get; init; }

    public required IReadOnlyList<DemoSilo> Silos { get; init; }

    public required IReadOnlyList<DemoVisitor> Visitors { get; init; }
}
