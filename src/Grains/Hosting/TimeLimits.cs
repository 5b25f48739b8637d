using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Serialization;

namespace OrleansSessions.Grains.Hosting;

/// <summary>
/// How long silos wait for each other. A message to a silo that can't be reached is lost, and whatever waits for its answer holds sessions up. Orleans' own limits are 30 s;
/// a request has ten.
/// </summary>
internal static class TimeLimits
{
    /// <summary>The limit of calls between silos, to the grain directory for example.</summary>
    private static readonly TimeSpan SystemCall = TimeSpan.FromSeconds(4);

    /// <summary>The limit for a session to leave memory. Calls to it wait meanwhile.</summary>
    private static readonly TimeSpan Deactivation = TimeSpan.FromSeconds(3);

    public static void Apply(ISiloBuilder silo)
    {
        silo.Configure<GrainCollectionOptions>(static options => options.DeactivationTimeout = Deactivation);
        silo.Configure<SiloMessagingOptions>(static options =>
        {
            options.SystemResponseTimeout = SystemCall;
            options.PlacementTimeout = SystemCall;
        });

        // A placement that takes too long ends with an exception of Polly's. Orleans sends no exceptions of namespaces that it does not know.
        silo.Services.Configure<ExceptionSerializationOptions>(static options => options.SupportedNamespacePrefixes.Add("Polly"));
    }
}
