using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Client;

namespace OrleansSessions.AspNetCore;

/// <summary>Registration of the store for authentication tickets.</summary>
public static class OrleansTicketStoreExtensions
{
    /// <summary>
    /// Keeps the tickets of a cookie scheme in the session cluster: the cookie then holds only a token. Requires <c>AddOrleansSessions</c>, and the scheme's
    /// <c>AddCookie</c>, before or after this call. Every sign-in makes a new token, and signing out ends the ticket for every copy of the cookie. With
    /// <see cref="OrleansSessionOptions.UserKeySecret"/>, <see cref="IUserSessions"/> lists and ends tickets too.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="scheme">The scheme's name. Call once for each scheme.</param>
    /// <param name="configure">Changes the options, after the configuration section <c>Sessions:Tickets</c>.</param>
    public static IServiceCollection AddOrleansTicketStore(
        this IServiceCollection services,
        string scheme = CookieAuthenticationDefaults.AuthenticationScheme,
        Action<OrleansTicketStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        services.AddOptions<OrleansTicketStoreOptions>(scheme)
            .Configure<IConfiguration>(static (options, configuration) => configuration.GetSection(OrleansTicketStoreOptions.SectionName).Bind(options))
            .Configure(options => configure?.Invoke(options));
        services.AddOptions<OrleansSessionOptions>().Validate(
            static options => Encoding.UTF8.GetByteCount(options.Namespace) <= StoredTickets.MaxNamespaceBytes,
            $"{OrleansSessionOptions.SectionName}:{nameof(OrleansSessionOptions.Namespace)} must be at most {StoredTickets.MaxNamespaceBytes} UTF-8 bytes "
            + "with a ticket store.");
        services.AddDataProtection();
        services.TryAddTransient<TicketCookieHandler>();
        services.AddSingleton(new TicketScheme(scheme));
        services.TryAddSingleton<IEndingTickets, EndingTickets>();
        services.PostConfigure<AuthenticationOptions>(options =>
        {
            if (!options.SchemeMap.TryGetValue(scheme, out AuthenticationSchemeBuilder? builder))
            {
                throw new InvalidOperationException(
                    $"AddOrleansTicketStore names the authentication scheme '{scheme}', which does not exist: add it with AddCookie, or name another one.");
            }

            if (builder.HandlerType == typeof(CookieAuthenticationHandler))
            {
                builder.HandlerType = typeof(TicketCookieHandler);
            }
        });
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>>(services => new PostConfigureOptions<CookieAuthenticationOptions, IServiceProvider>(
            scheme, services, (options, services) => options.SessionStore = Create(scheme, options, services)));
        return services;
    }

    private static OrleansTicketStore Create(string scheme, CookieAuthenticationOptions cookie, IServiceProvider services)
    {
        OrleansTicketStoreOptions options = services.GetRequiredService<IOptionsMonitor<OrleansTicketStoreOptions>>().Get(scheme);
        OrleansSessionOptions sessions = services.GetRequiredService<IOptions<OrleansSessionOptions>>().Value;
        SessionClient client = services.GetRequiredService<SessionClient>();
        ILogger<OrleansTicketStore> logger = services.GetRequiredService<ILogger<OrleansTicketStore>>();
        var protection = ProtectedTickets.Create(scheme, cookie, services.GetRequiredService<IDataProtectionProvider>());
        var tickets = new StoredTickets(options, sessions, client, protection, cookie.TimeProvider ?? services.GetRequiredService<TimeProvider>(), logger);
        return new OrleansTicketStore(scheme, options, sessions, client, services.GetRequiredService<UserKeys>(), tickets, logger);
    }
}
