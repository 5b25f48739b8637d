using Orleans.Services;

namespace OrleansSessions.Grains.Leases;

/// <summary>Access to the other silos' lease protocol.</summary>
internal interface ILeasePeers : IGrainServiceClient<ILeasePeer>
{
    /// <summary>Returns the peer on a silo.</summary>
    ILeasePeer On(SiloAddress silo);
}
