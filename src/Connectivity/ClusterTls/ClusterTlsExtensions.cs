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

    /// <summary>Makes a port of this silo accept nobody but who has the right certificate. Without TLS it does nothing.</summary>
    /// <param name="builder">The port's connections.</param>
    /// <param name="port">Which port it is.</param>
    public static IConnectionBuilder UseClusterTlsServer(this IConnectionBuilder builder, ClusterPort port) =>
        Use(builder, (next, tls) => new TlsServerMiddleware(next, tls, port));

    /// <summary>Makes connections from this process to silos prove who it is, and ask who they are. Without TLS it does nothing.</summary>
    /// <param name="builder">The connections.</param>
    /// <param name="port">The silos' port that they go to.</param>
    public static IConnectionBuilder UseClusterTlsClient(this IConnectionBuilder builder, ClusterPort port) =>
        Use(builder, (next, tls) => new TlsClientMiddleware(next, tls, port));

    private static IConnectionBuilder Use(IConnectionBuilder builder, Func<ConnectionDelegate, ClusterCertificates, TlsConnectionMiddleware> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ClusterCertificates tls = builder.ApplicationServices.GetRequiredService<ClusterCertificates>();
        return tls.IsEnabled ? builder.Use(next => create(next, tls).OnConnectionAsync) : builder;
    }

    private static void Bind(ClusterTlsOptions options, IConfigurationSection section)
    {
        options.CertificatePath = section[nameof(options.CertificatePath)];
        options.KeyPath = section[nameof(options.KeyPath)];
        options.AuthorityPath = section[nameof(options.AuthorityPath)];
        options.SiloName = section[nameof(options.SiloName)] ?? options.SiloName;
    }
}
