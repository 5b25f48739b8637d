using Orleans.Services;

namespace OrleansSessions.Grains.Leases;

/// <summary>The other silos, as far as leases go.</summary>
internal interface ILeasePeers : IGrainServiceClient<ILeasePeer>
{
    /// <summary>The peer on a silo.</summary>
    ILeasePeer On(SiloAddress silo);
}
