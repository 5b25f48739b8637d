using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansSessions.Grains.Hosting;

namespace OrleansSessions.Tests.Shared;

/// <summary>Configuration of a host as a silo on loopback, with the settings that a silo process would read.</summary>
internal static class SiloConfiguration
{
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
    }
}
