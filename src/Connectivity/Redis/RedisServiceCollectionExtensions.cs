using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>Registration of the process' Redis connection.</summary>
public static class RedisServiceCollectionExtensions
{
    /// <summary>The name of the connection string: <c>ConnectionStrings:Redis</c>.</summary>
    public const string ConnectionStringName = "Redis";

    /// <summary>
    /// Adds one <see cref="RedisConnection"/>, configured by <c>ConnectionStrings:Redis</c> and the section <c>Redis</c>, and checked at start-up. Repeating it changes
    /// nothing.
    /// </summary>
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
            .Configure<IConfiguration>(Bind)
            .ValidateOnStart();
        return services;
    }

    private static void Bind(RedisOptions options, IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(RedisOptions.SectionName);
        options.ConnectionString = configuration.GetConnectionString(ConnectionStringName) ?? "";
        options.User = section[nameof(options.User)];
        options.PasswordPath = section[nameof(options.PasswordPath)];
        options.Tls.AuthorityPath = section[$"Tls:{nameof(options.Tls.AuthorityPath)}"];
        options.Tls.CertificatePath = section[$"Tls:{nameof(options.Tls.CertificatePath)}"];
        options.Tls.KeyPath = section[$"Tls:{nameof(options.Tls.KeyPath)}"];
    }
}
