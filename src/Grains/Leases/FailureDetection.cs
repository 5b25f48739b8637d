using Orleans.Configuration;

namespace OrleansSessions.Grains.Leases;

/// <summary>How soon the cluster notices that a silo has died.</summary>
internal static class FailureDetection
{
    /// <summary>How often a silo writes a sign of life to the membership table.</summary>
    public static readonly TimeSpan SignOfLifePeriod = TimeSpan.FromSeconds(2.5);

    /// <summary>
    /// How old the last sign of life is when a joining silo takes an entry for dead. It matters after all silos were killed at once, when nobody is left to declare
    /// them dead, and it bounds how long a lone silo serves reads without Redis.
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
