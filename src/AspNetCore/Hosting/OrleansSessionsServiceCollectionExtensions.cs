using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore.Store;
using OrleansSessions.Client;
using OrleansSessions.Client.News;
using OrleansSessions.Contracts;
using OrleansSessions.Migration;

namespace OrleansSessions.AspNetCore;

/// <summary>Registration of the session services.</summary>
public static class OrleansSessionsServiceCollectionExtensions
{
    /// <summary>
    /// Adds sessions that live in an Orleans cluster. Requires an <see cref="IGrainFactory"/>: from <c>builder.AddOrleansSessionsClient()</c>, which makes the process a
    /// client of the cluster, or from a silo in the same process. Also registers the <see cref="ISessionStore"/> for the stock <c>app.UseSession()</c>.
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
            services.GetRequiredService<TimeProvider>(),
            services.GetService<IPublishedSessions>(),
            services.GetService<INewSessions>()));

        services.TryAddSingleton(static services => new SessionNews(
            services.GetRequiredService<SessionClient>(),
            services.GetRequiredService<IOptions<OrleansSessionOptions>>().Value.NewsInterval,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SessionNews>>()));
        services.TryAddSingleton<GuessLimit>();
        services.TryAddSingleton<LiveRequests>();
        services.TryAddSingleton<Impersonator>();
        services.TryAddSingleton<UserKeys>();
        services.TryAddSingleton<UserSessionEnds>();
        services.TryAddSingleton<IUserSessions, UserSessions>();
        services.AddFreshSessions();
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

        // The last registration wins: AddSession() registers its own store, before or after this call.
        services.RemoveAll<ISessionStore>();
        services.AddSingleton<ISessionStore, OrleansSessionStore>();
        return services;
    }
}
