using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Orleans.TestingHost;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Configuration of the test client: it finds silos like a frontend, through the membership table in Redis.</summary>
public sealed class ClientConfigurator : IClientBuilderConfigurator
{
    public void Configure(IConfiguration configuration, IClientBuilder clientBuilder) =>
        clientBuilder.UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(configuration.GetConnectionString("Redis")!));
}
