using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>Registration of the link between an OpenID provider and the sessions.</summary>
public static class OrleansOpenIdConnectExtensions
{
    /// <summary>
    /// Links the tickets of a cookie scheme to the OpenID provider that they come from: each is listed with the provider's session, so that the provider can end it by
    /// <see cref="BackChannelLogoutExtensions.MapBackChannelLogout"/>, and with the time at which the provider authenticated the user. Requires <c>AddOrleansTicketStore</c>
    /// for the cookie scheme, <c>AddOpenIdConnect</c>, and a <see cref="OrleansSessionOptions.UserKeySecret"/>. Tickets whose property <c>.AuthScheme</c> names another scheme
    /// stay as they are; those without it are only listed with the provider's session, if they have a claim <c>sid</c>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="cookieScheme">The cookie scheme, into which the provider's scheme signs in.</param>
    /// <param name="providerScheme">The scheme of <c>AddOpenIdConnect</c>.</param>
    /// <param name="configure">Changes the options, after the configuration section <c>Sessions:OpenIdConnect</c>.</param>
    public static IServiceCollection AddOrleansOpenIdConnect(
        this IServiceCollection services,
        string cookieScheme = CookieAuthenticationDefaults.AuthenticationScheme,
        string providerScheme = OpenIdConnectDefaults.AuthenticationScheme,
        Action<OrleansOpenIdConnectOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(cookieScheme);
        ArgumentException.ThrowIfNullOrEmpty(providerScheme);
        services.AddOptions<OrleansOpenIdConnectOptions>(providerScheme)
            .Configure<IConfiguration>(static (options, configuration) => configuration.GetSection(OrleansOpenIdConnectOptions.SectionName).Bind(options))
            .Configure(options => configure?.Invoke(options));
        services.TryAddSingleton<LogoutTokenValidator>();
        services.TryAddSingleton<ProviderKeys>();
        services.TryAddSingleton<SeenLogoutTokens>();
        services.TryAddSingleton<ProviderSessionUsers>();
        services.TryAddSingleton<OvertakenSignIn>();
        services.TryAddSingleton<ProviderLogout>();
        services.TryAddSingleton<BackChannelLogout>();
        services.TryAddSingleton<RefreshTokenRevocation>();
        services.TryAddSingleton<TicketEvents>();
        if (services.All(static service => service.ServiceType != typeof(RevocationQueue)))
        {
            services.AddSingleton<RevocationQueue>();
            services.AddHostedService(static services => services.GetRequiredService<RevocationQueue>());
        }

        services.AddOptions<OrleansTicketStoreOptions>(cookieScheme).PostConfigure<TicketEvents>((options, events) => events.AddTo(options, providerScheme));
        return services;
    }
}
