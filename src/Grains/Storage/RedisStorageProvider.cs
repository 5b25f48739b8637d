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

/// <summary>Configuration of Orleans' Redis storage for sessions and lists of users' sessions: one hash for each, with the fields <c>etag</c> and <c>data</c>.</summary>
internal static class RedisStorageProvider
{
    /// <summary>The name of the storage behind <see cref="SessionGrainStorage"/>.</summary>
    public const string Name = "sessions-redis";

    /// <summary>The name of the storage behind <see cref="UserGrainStorage"/>.</summary>
    public const string UsersName = "users-redis";

    private const string SessionsFolder = "session";
    private const string UsersFolder = "user";

    /// <summary>Creates the storage of sessions.</summary>
    public static RedisGrainStorage Create(IServiceProvider services, string name) => Create(services, name, SessionsFolder);

    /// <summary>Creates the storage of users' lists of sessions.</summary>
    public static RedisGrainStorage CreateForUsers(IServiceProvider services, string name) => Create(services, name, UsersFolder);

    /// <summary>Sets the options that any Orleans Redis storage needs to read and write sessions.</summary>
    public static void Configure(RedisStorageOptions options, string serviceId) => Configure(options, serviceId, SessionsFolder);

    private static void Configure(RedisStorageOptions options, string serviceId, string folder)
    {
        RedisKey prefix = Encoding.UTF8.GetBytes($"{serviceId}/{folder}/");
        options.GrainStorageSerializer = new StoredBytesSerializer();
        options.GetStorageKey = (_, grainId) => prefix.Append(IdSpan.UnsafeGetArray(grainId.Key));
        options.DeleteStateOnClear = true;
    }

    /// <summary>Creates a storage without a logger: it would log a stack trace for every call while Redis is away.</summary>
    private static RedisGrainStorage Create(IServiceProvider services, string name, string folder)
    {
        var connection = services.GetRequiredService<RedisConnection>();
        var cluster = services.GetRequiredService<IOptions<ClusterOptions>>();
        var options = new RedisStorageOptions
        {
            ConfigurationOptions = connection.Configuration,
            CreateMultiplexer = async _ => (ProviderConnection.Of(await connection.GetMultiplexerAsync()), true),
        };
        Configure(options, cluster.Value.ServiceId, folder);
        var activators = services.GetRequiredService<IActivatorProvider>();
        return new RedisGrainStorage(name, options, options.GrainStorageSerializer, cluster, activators, NullLogger<RedisGrainStorage>.Instance);
    }
}
