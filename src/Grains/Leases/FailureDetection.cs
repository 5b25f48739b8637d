using Orleans.Configuration;

namespace OrleansSessions.Grains.Leases;

/// <summary>Timing of failure detection in the cluster.</summary>
internal static class FailureDetection
{
    /// <summary>How often a silo writes its heartbeat to the membership table.</summary>
    public static readonly TimeSpan SignOfLifePeriod = TimeSpan.FromSeconds(2.5);

    /// <summary>
    /// Age of the last heartbeat at which a joining silo considers an entry dead. It matters after all silos were killed at once, when no silo is left to declare them
    /// dead, and it bounds how long a lone silo serves reads without Redis.
    /// </summary>
    public static readonly TimeSpan StaleAfter = SignOfLifePeriod * MissedSigns;

    private const int MissedSigns = 6;

    public static void Configure(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(1);
        options.MinProbeTimeout = TimeSpan.FromMilliseconds(500);
        options.MaxProbeTimeout = TimeSpan.FromSeconds(1);
        options.NumMissedProbesLimit = 3;
        options.IAmAliveTablePublishTimeout = SignOfLifePeriod;
        options.NumMissedTableIAmAliveLimit = MissedSigns;
    }
}
