using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansSessions.Grains.Hosting;

namespace OrleansSessions.Tests.Shared;

/// <summary>
/// Configuration of a host as a silo on loopback, with the settings that a silo process would read. It survives a stall of the machine: the tests are about sessions, not
/// about the detection of dead silos or of a dead Redis.
/// </summary>
internal static class SiloConfiguration
{
    /// <summary>Lets a minute pass before a silo is declared dead: a probe is sent each second.</summary>
    private const int MissedProbes = 60;

    public static void AddTestSilo(this IHostApplicationBuilder builder, EmbeddedStore store, string clusterId, string siloName, TimeProvider? time = null)
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Redis"] = store.ConnectionString,
            ["SessionCluster:ClusterId"] = clusterId,
            ["SessionCluster:ServiceId"] = clusterId,
            ["SessionCluster:SiloName"] = siloName,
            ["SessionCluster:AdvertisedAddress"] = "127.0.0.1",
            ["SessionCluster:SiloPort"] = LoopbackPort.Next().ToString(CultureInfo.InvariantCulture),
            ["SessionCluster:GatewayPort"] = LoopbackPort.Next().ToString(CultureInfo.InvariantCulture),
        });
        builder.Logging.ClearProviders();
        builder.AddSessionCluster(options => options.TimeProvider = time ?? TimeProvider.System);
        builder.Services.PostConfigure<ClusterMembershipOptions>(static options => options.NumMissedProbesLimit = MissedProbes);
        builder.Services.Replace(ServiceDescriptor.Singleton<IFatalErrorHandler, TestSiloEnd>());
    }
}
