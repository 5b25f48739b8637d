using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>Mapping of the endpoint at which a provider signs users out.</summary>
public static class BackChannelLogoutExtensions
{
    /// <summary>
    /// Maps the endpoint that the provider calls when a user has signed out there, or was signed out (OpenID Connect Back-Channel Logout 1.0). A logout token of the provider
    /// ends the sessions that came from the user's session at the provider (<c>sid</c>), or without it all of the user's, on every frontend. Answers 200; 400 to every other
    /// request; 503 if the cluster or the provider's keys can't be reached. It needs no authentication and no cookie: the provider's signature is both.
    /// </summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="pattern">The path, as registered with the provider as <c>backchannel_logout_uri</c>.</param>
    /// <param name="scheme">The scheme of <c>AddOpenIdConnect</c>, which tells provider, client and keys.</param>
    /// <exception cref="InvalidOperationException"><c>AddOrleansOpenIdConnect</c> was not called.</exception>
    public static IEndpointConventionBuilder MapBackChannelLogout(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, string scheme = OpenIdConnectDefaults.AuthenticationScheme)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        BackChannelLogout logout = endpoints.ServiceProvider.GetService<BackChannelLogout>()
            ?? throw new InvalidOperationException("The services of the back-channel logout are missing: call services.AddOrleansOpenIdConnect() before building the application.");
        return endpoints.MapPost(pattern, request => logout.HandleAsync(request, scheme))
            .AllowAnonymous()
            .DisableAntiforgery()
            .WithMetadata(new SkipSessionAttribute());
    }
}
