using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>Registration of mutual TLS for connections of silos and their clients, as configured by <see cref="ClusterTlsOptions"/>.</summary>
public static class ClusterTlsExtensions
{
    /// <summary>Adds the services for TLS, configured by the section <c>SessionCluster:Tls</c> and validated at start-up.</summary>
    /// <param name="services">The services.</param>
    /// <param name="isSilo">Whether the process is a silo, whose certificate must have the silos' name.</param>
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

    /// <summary>Requires a valid client certificate on a port of this silo. No effect without TLS.</summary>
    /// <param name="builder">The port's connections.</param>
    /// <param name="port">The port.</param>
    public static IConnectionBuilder UseClusterTlsServer(this IConnectionBuilder builder, ClusterPort port) => Use(builder, port, isServer: true);

    /// <summary>Uses mutual TLS for connections from this process to silos. No effect without TLS.</summary>
    /// <param name="builder">The connections.</param>
    /// <param name="port">The silos' port.</param>
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
