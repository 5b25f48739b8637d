using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore.Store;
using OrleansSessions.Client;
using OrleansSessions.Migration;

namespace OrleansSessions.AspNetCore;

/// <summary>Registers the session services.</summary>
public static class OrleansSessionsServiceCollectionExtensions
{
    /// <summary>
    /// Adds sessions that live in an Orleans cluster. Needs an <see cref="IGrainFactory"/>: <c>builder.AddOrleansSessionsClient()</c> makes the process a client of
    /// the cluster; a silo in the same process will do as well. For the stock <c>app.UseSession()</c> it registers the <see cref="ISessionStore"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options, after the configuration section <c>Sessions</c>.</param>
    public static IServiceCollection AddOrleansSessions(this IServiceCollection services, Action<OrleansSessionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<OrleansSessionOptions>()
            .Configure<IConfiguration>(static (options, configuration) => configuration.GetSection(OrleansSessionOptions.SectionName).Bind(options))
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OrleansSessionOptions>, OrleansSessionOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static services => new SessionClient(
            services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<IOptions<OrleansSessionOptions>>().Value.IOTimeout,
            services.GetRequiredService<TimeProvider>()));

        services.TryAddSingleton(static services =>
        {
            OrleansSessionOptions options = services.GetRequiredService<IOptions<OrleansSessionOptions>>().Value;
            return new BrowserImport(
                new BrowserSource(options.ImportFrom, options.ImportPrefix ?? options.Namespace, options.Namespace),
                services.GetRequiredService<SessionClient>(),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<SessionImport>>(),
                services.GetService<IDataProtectionProvider>());
        });

        // Last wins: AddSession() registers a store of its own, wherever in the order it is called.
        services.RemoveAll<ISessionStore>();
        services.AddSingleton<ISessionStore, OrleansSessionStore>();
        return services;
    }
}
