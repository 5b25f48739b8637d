using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Serialization;

namespace OrleansSessions.Grains.Hosting;

/// <summary>
/// Time limits of calls between silos. A message to an unreachable silo is lost, and waiting for its answer holds sessions up. Orleans' defaults are 30 s; a request
/// has ten.
/// </summary>
internal static class TimeLimits
{
    /// <summary>Limit of calls between silos, for example to the grain directory.</summary>
    private static readonly TimeSpan SystemCall = TimeSpan.FromSeconds(4);

    /// <summary>Limit of a session's deactivation, during which calls to it wait.</summary>
    private static readonly TimeSpan Deactivation = TimeSpan.FromSeconds(3);

    public static void Apply(ISiloBuilder silo)
    {
        silo.Configure<GrainCollectionOptions>(static options => options.DeactivationTimeout = Deactivation);
        silo.Configure<SiloMessagingOptions>(static options =>
        {
            options.SystemResponseTimeout = SystemCall;
            options.PlacementTimeout = SystemCall;
        });

        // A placement that takes too long fails with Polly's exception. Orleans serializes only exceptions from known namespaces.
        silo.Services.Configure<ExceptionSerializationOptions>(static options => options.SupportedNamespacePrefixes.Add("Polly"));
    }
}
