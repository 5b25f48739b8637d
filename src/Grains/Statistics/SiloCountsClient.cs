using Orleans.Runtime.Services;
using Orleans.Services;

namespace OrleansSessions.Grains.Statistics;

/// <summary>Access to the silos' counts.</summary>
internal sealed class SiloCountsClient(IServiceProvider services) : GrainServiceClient<ISiloCounts>(services), IGrainServiceClient<ISiloCounts>
{
    /// <summary>Returns the counts on a silo.</summary>
    public ISiloCounts On(SiloAddress silo) => GetGrainService(silo);
}
