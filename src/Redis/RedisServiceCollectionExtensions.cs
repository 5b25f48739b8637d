using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace OrleansSessions.Redis;

/// <summary>Registers the process's Redis connection.</summary>
public static class RedisServiceCollectionExtensions
{
    /// <summary>The name under which the connection string is configured: <c>ConnectionStrings:Redis</c>.</summary>
    public const string ConnectionStringName = "Redis";

    /// <summary>Adds one <see cref="RedisConnection"/>, configured by <c>ConnectionStrings:Redis</c> and checked at start-up. Repeating it changes nothing.</summary>
    public static IServiceCollection AddRedisConnection(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RedisConnection>();
        if (services.Any(service => service.ImplementationType == typeof(RedisOptionsValidator)))
        {
            return services;
        }

        services.AddSingleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>();
        services.AddOptions<RedisOptions>()
            .Configure<IConfiguration>((options, configuration) => options.ConnectionString = configuration.GetConnectionString(ConnectionStringName) ?? "")
            .ValidateOnStart();
        return services;
    }
}
