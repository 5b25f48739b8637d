using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using OrleansSessions.Client.Gateways;
using OrleansSessions.Connectivity.ClusterTls;
using OrleansSessions.Connectivity.Redis;

namespace OrleansSessions.AspNetCore;

/// <summary>Registration of a client of the session cluster.</summary>
public static class OrleansSessionsClientExtensions
{
    /// <summary>The tag of the health check for the client's connection.</summary>
    public const string ReadyTag = "ready";

    /// <summary>
    /// Adds an Orleans client that finds the silos through the Redis of <c>ConnectionStrings:Redis</c> and notices within about two seconds when one joins or leaves.
    /// It waits for Redis and for the first silo without a time limit.
    /// </summary>
    public static IHostApplicationBuilder AddOrleansSessionsClient(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddRedisConnection();
        builder.Services.AddClusterTls(isSilo: false);
        builder.Services.AddOptions<ClusterClientOptions>()
            .Configure<IConfiguration>(static (options, configuration) => configuration.GetSection(ClusterClientOptions.SectionName).Bind(options));
        builder.UseOrleansClient(static client =>
        {
            client.UseRedisClustering(static _ => { });
            client.UseConnectionRetryFilter<WaitForCluster>();
            client.Services.AddOptions<RedisClusteringOptions>().Configure<RedisConnection, IHostApplicationLifetime>(static (options, redis, host) =>
            {
                options.ConfigurationOptions = redis.Configuration;
                options.CreateMultiplexer = async _ => (PrimaryOnly.Of(await redis.WaitUntilConnectedAsync(host.ApplicationStopping)), true);
            });
            client.Services.AddOptions<ClusterOptions>().Configure<IOptions<ClusterClientOptions>>(static (options, cluster) =>
            {
                options.ClusterId = cluster.Value.ClusterId;
                options.ServiceId = cluster.Value.ServiceId;
            });
            client.Configure<ClientConnectionOptions>(static options => options.ConfigureConnection(static connection => connection.UseClusterTlsClient(ClusterPort.Gateway)));
            client.AddGatewayFailover();
            client.Configure<GatewayOptions>(static options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
            client.Configure<ConnectionOptions>(static options => options.OpenConnectionTimeout = TimeSpan.FromSeconds(1));
        });

        // Start services concurrently: the client waits for the cluster, and the health endpoints must respond meanwhile.
        builder.Services.Configure<HostOptions>(static options => options.ServicesStartConcurrently = true);
        builder.Services.AddHealthChecks().AddCheck<ClientReadyHealthCheck>("cluster-client", tags: [ReadyTag]);
        return builder;
    }
}
