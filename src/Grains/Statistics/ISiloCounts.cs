using Orleans.Concurrency;
using Orleans.Services;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Statistics;

/// <summary>Counts of this silo, for others. One instance per silo, addressed by silo.</summary>
[Alias("session.silo-counts")]
internal interface ISiloCounts : IGrainService
{
    /// <summary>Returns the silo's counts.</summary>
    [Alias("count"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    Task<SiloStatistics> CountAsync();
}
