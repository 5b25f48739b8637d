using System.Globalization;
using System.Net;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>Settings of a silo with a Redis-protocol endpoint.</summary>
internal static class SiloSettings
{
    /// <summary>The prefix of plain keys.</summary>
    public const string PlainPrefix = "plain:";

    public const int RespPort = 6380;

    public static IEnumerable<KeyValuePair<string, string>> For(string name, IPAddress address) => new Dictionary<string, string>
    {
        ["SessionCluster__SiloName"] = name,
        ["SessionCluster__AdvertisedAddress"] = address.ToString(),
        ["Resp__Port"] = RespPort.ToString(CultureInfo.InvariantCulture),
        ["Resp__Address"] = address.ToString(),
        ["Resp__AllowAnonymous"] = "true",
        ["Resp__Prefixes__0__Prefix"] = PlainPrefix,
    };
}
