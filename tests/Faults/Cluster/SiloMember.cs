using System.Globalization;
using System.Net;
using OrleansSessions.Deploy.Tests.Node;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>A silo with a Redis-protocol endpoint.</summary>
internal sealed class SiloMember(string name, PodNamespace network, string redis) : ServiceMember(name, "Silo", network)
{
    /// <summary>The prefix of the keys that behave as Redis' own do.</summary>
    public const string PlainPrefix = "plain:";

    private const int RespPort = 6380;

    /// <summary>Where Redis clients connect.</summary>
    public IPEndPoint Resp => new(Address, RespPort);

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(Common(redis))
    {
        ["SessionCluster__SiloName"] = name,
        ["SessionCluster__AdvertisedAddress"] = network.Address.ToString(),
        ["Resp__Port"] = RespPort.ToString(CultureInfo.InvariantCulture),
        ["Resp__Address"] = network.Address.ToString(),
        ["Resp__AllowAnonymous"] = "true",
        ["Resp__Prefixes__0"] = PlainPrefix,
    };
}
