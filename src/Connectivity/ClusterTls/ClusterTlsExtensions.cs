using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>Puts mutual TLS under the connections of silos and their clients, where <see cref="ClusterTlsOptions"/> ask for it.</summary>
public static class ClusterTlsExtensions
{
    /// <summary>Adds what the connections need, configured by the section <c>SessionCluster:Tls</c> and checked at start-up.</summary>
    /// <param name="services">The services.</param>
    /// <param name="isSilo">Whether the process is a silo, so that its certificate must carry the silos' name.</param>
    public static IServiceCollection AddClusterTls(this IServiceCollection services, bool isSilo)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RefusalReporter>();
        services.TryAddSingleton<ClusterCertificates>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ClusterTlsOptions>, ClusterTlsOptionsValidator>());
        services.AddOptions<ClusterTlsOptions>()
            .Configure<IConfiguration>(static (options, configuration) => Bind(options, configuration.GetSection(ClusterTlsOptions.SectionName)))
            .Configure(options => options.IsSilo |= isSilo)
            .ValidateOnStart();
        return services;
    }

    /// <summary>Requires the right certificate of everything that connects to a port of this silo. Without TLS it does nothing.</summary>
    /// <param name="builder">The port's connections.</param>
    /// <param name="port">Which port it is.</param>
    public static IConnectionBuilder UseClusterTlsServer(this IConnectionBuilder builder, ClusterPort port) => Use(builder, port, isServer: true);

    /// <summary>Makes connections from this process to silos prove who it is, and ask who they are. Without TLS it does nothing.</summary>
    /// <param name="builder">The connections.</param>
    /// <param name="port">The silos' port that they go to.</param>
    public static IConnectionBuilder UseClusterTlsClient(this IConnectionBuilder builder, ClusterPort port) => Use(builder, port, isServer: false);

    private static IConnectionBuilder Use(IConnectionBuilder builder, ClusterPort port, bool isServer)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ClusterCertificates certificates = builder.ApplicationServices.GetRequiredService<ClusterCertificates>();
        RefusalReporter refusals = builder.ApplicationServices.GetRequiredService<RefusalReporter>();
        return certificates.IsEnabled
            ? builder.Use(next => new ClusterTlsMiddleware(next, certificates, refusals, port, isServer).OnConnectionAsync)
            : builder;
    }

    private static void Bind(ClusterTlsOptions options, IConfigurationSection section)
    {
        options.CertificatePath = section[nameof(options.CertificatePath)];
        options.KeyPath = section[nameof(options.KeyPath)];
        options.AuthorityPath = section[nameof(options.AuthorityPath)];
        options.SiloName = section[nameof(options.SiloName)] ?? options.SiloName;
    }
}
