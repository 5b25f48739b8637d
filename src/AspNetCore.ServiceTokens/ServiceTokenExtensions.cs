using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.ServiceTokens;

/// <summary>Tokens that name the user of a session to downstream services.</summary>
public static class ServiceTokenExtensions
{
    /// <summary>
    /// Adds tokens for services. Requires <c>AddOrleansSessions</c>. The host does not start if the options or the key files are invalid. Services verify the tokens with the
    /// keys of <see cref="ServiceTokenEndpointExtensions.MapServiceTokenKeys"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options, after the configuration section <c>Sessions:ServiceTokens</c>.</param>
    public static IServiceCollection AddSessionServiceTokens(this IServiceCollection services, Action<ServiceTokenOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ServiceTokenOptions>()
            .Configure<IConfiguration>(static (options, configuration) => configuration.GetSection(ServiceTokenOptions.SectionName).Bind(options))
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ServiceTokenOptions>, ServiceTokenOptionsValidator>());
        services.TryAddSingleton<SigningKeyFiles>();
        services.TryAddSingleton<ServiceTokenIssuer>();
        return services;
    }

    /// <summary>
    /// Creates a token for a service, signed with ES256: its claims name the user's key (<c>sub</c>), the session's key (<c>sid</c>), the time and the method of the
    /// authentication (<c>auth_time</c>, <c>amr</c>) and, if an administrator acts as the user, the administrator's key (<c>act</c>). It costs one read of the session.
    /// </summary>
    /// <param name="context">
    /// The request. Its <c>HttpContext.Session</c> is taken if it is signed in, otherwise the session that keeps the user's ticket.
    /// </param>
    /// <param name="audience">The service: one of <see cref="ServiceTokenOptions.Audiences"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The token, which expires after <see cref="ServiceTokenOptions.Lifetime"/>, and with the session at the latest.</returns>
    /// <exception cref="ArgumentException">The service is not configured.</exception>
    /// <exception cref="InvalidOperationException"><see cref="AddSessionServiceTokens"/> was not called.</exception>
    /// <exception cref="ServiceTokenException">
    /// The session is not signed in (the middleware answers 401); it ended, or was signed in by another request, since this one began (409).
    /// </exception>
    /// <exception cref="SessionUnavailableException">The cluster can't be reached.</exception>
    public static Task<ServiceToken> CreateServiceTokenAsync(this HttpContext context, string audience, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrEmpty(audience);
        return context.RequestServices.GetRequiredService<ServiceTokenIssuer>().IssueAsync(context, audience, cancellationToken);
    }
}
