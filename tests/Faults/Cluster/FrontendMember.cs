using System.Globalization;
using OrleansSessions.Deploy.Tests.Node;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>A frontend that is a client of the silos.</summary>
internal sealed class FrontendMember(string name, PodNamespace network, string redis) : ServiceMember(name, "WebFrontend", network)
{
    /// <summary>Where browsers connect.</summary>
    public Uri Url { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://{network.Address}:8080"));

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(Common(redis))
    {
        ["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://{network.Address}:8080"),
        ["Frontend__Name"] = name,
        ["Sessions__Cookie__SecurePolicy"] = "SameAsRequest",
    };
}
