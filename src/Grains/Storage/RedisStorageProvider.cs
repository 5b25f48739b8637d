using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Persistence;
using Orleans.Serialization.Serializers;
using OrleansSessions.Connectivity.Redis;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Storage;

/// <summary>Configuration of Orleans' Redis storage for sessions: one hash per session, with the fields <c>etag</c> and <c>data</c>.</summary>
internal static class RedisStorageProvider
{
    /// <summary>The name of the storage behind <see cref="SessionGrainStorage"/>.</summary>
    public const string Name = "sessions-redis";

    /// <summary>Creates the storage without a logger: it would log a stack trace for every call while Redis is away.</summary>
    public static RedisGrainStorage Create(IServiceProvider services, string name)
    {
        var connection = services.GetRequiredService<RedisConnection>();
        var cluster = services.GetRequiredService<IOptions<ClusterOptions>>();
        var options = new RedisStorageOptions
        {
            ConfigurationOptions = connection.Configuration,
            CreateMultiplexer = async _ => (ProviderConnection.Of(await connection.GetMultiplexerAsync()), true),
        };
        Configure(options, cluster.Value.ServiceId);
        var activators = services.GetRequiredService<IActivatorProvider>();
        return new RedisGrainStorage(name, options, options.GrainStorageSerializer, cluster, activators, NullLogger<RedisGrainStorage>.Instance);
    }

    /// <summary>Sets the options that any Orleans Redis storage needs to read and write sessions.</summary>
    public static void Configure(RedisStorageOptions options, string serviceId)
    {
        RedisKey prefix = Encoding.UTF8.GetBytes($"{serviceId}/session/");
        options.GrainStorageSerializer = new StoredBytesSerializer();
        options.GetStorageKey = (_, grainId) => prefix.Append(IdSpan.UnsafeGetArray(grainId.Key));
        options.DeleteStateOnClear = true;
    }
}
