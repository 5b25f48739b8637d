namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>Cost of a number of sessions. Bytes are per session, rates per second.</summary>
internal sealed record GrowthResult(int Sessions)
{
    /// <summary>Heap of the silo after a forced collection: just created, and read back by a new silo.</summary>
    public double CreatedHeapBytes { get; init; }

    public double CreatedResidentBytes { get; init; }

    public double LoadedHeapBytes { get; init; }

    public double LoadedResidentBytes { get; init; }

    public double RedisBytes { get; init; }

    /// <summary>The same entries as a hash with a TTL.</summary>
    public double PlainRedisBytes { get; init; }

    public double CreationRate { get; init; }

    /// <summary>Time from the start of a silo's process until it is ready, with these sessions stored.</summary>
    public double StartSeconds { get; init; }

    public double ActivationRate { get; init; }

    public Expiry Swept { get; init; } = Expiry.None;

    /// <summary>The comparison: one reminder per session.</summary>
    public Expiry Reminded { get; init; } = Expiry.None;
}
