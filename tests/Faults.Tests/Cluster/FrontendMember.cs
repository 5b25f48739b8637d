using System.Globalization;
using OrleansSessions.Deploy.Tests.Node;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>Frontend: a client of the silos, or a co-hosted silo.</summary>
internal sealed class FrontendMember(string name, PodNamespace network, string redis, bool isSilo) : ServiceMember(name, "WebFrontend", network)
{
    /// <summary>The URL for browsers.</summary>
    public Uri Url { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://{network.Address}:8080"));

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(
    [
        .. Common(redis),
        .. isSilo ? SiloSettings.For(name, network.Address) : [],
        KeyValuePair.Create("ASPNETCORE_URLS", string.Create(CultureInfo.InvariantCulture, $"http://{network.Address}:8080")),
        KeyValuePair.Create("Frontend__Name", name),
        KeyValuePair.Create("Frontend__CoHost", isSilo ? "true" : "false"),
        KeyValuePair.Create("Sessions__Cookie__SecurePolicy", "SameAsRequest"),
    ]);
}
