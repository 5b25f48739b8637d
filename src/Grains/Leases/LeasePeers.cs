using Orleans.Runtime.Services;

namespace OrleansSessions.Grains.Leases;

/// <inheritdoc cref="ILeasePeers"/>
internal sealed class LeasePeers(IServiceProvider services) : GrainServiceClient<ILeasePeer>(services), ILeasePeers
{
    public ILeasePeer On(SiloAddress silo) => GetGrainService(silo);
}
