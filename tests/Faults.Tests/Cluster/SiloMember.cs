using OrleansSessions.Deploy.Tests.Node;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>Dedicated silo.</summary>
internal sealed class SiloMember(string name, PodNamespace network, string redis) : ServiceMember(name, "Silo", network)
{
    protected override IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>([.. Common(redis), .. SiloSettings.For(name, network.Address)]);
}
