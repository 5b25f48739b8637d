using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansSessions.AspNetCore.ServiceTokens;

/// <summary>Mapping of the endpoints from which services learn the keys.</summary>
public static class ServiceTokenEndpointExtensions
{
    private const string Folder = "/.well-known";
    private const string ConfigurationPath = "/openid-configuration";
    private const string KeysPath = "/jwks.json";
    private const string CacheControl = "public, max-age=60";

    /// <summary>
    /// Maps <c>/.well-known/openid-configuration</c>, with the issuer and the address of the keys, and <c>/.well-known/jwks.json</c>, the public keys: what
    /// <c>AddJwtBearer</c> needs if its <c>Authority</c> is <see cref="ServiceTokenOptions.Issuer"/>. If the issuer has a path, map them in a group of that path. They need no
    /// authentication, and take part in no session.
    /// </summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <exception cref="InvalidOperationException"><c>AddSessionServiceTokens</c> was not called.</exception>
    public static IEndpointConventionBuilder MapServiceTokenKeys(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        SigningKeyFiles keys = endpoints.ServiceProvider.GetService<SigningKeyFiles>()
            ?? throw new InvalidOperationException("The services of the tokens are missing: call services.AddSessionServiceTokens() before building the application.");
        string issuer = endpoints.ServiceProvider.GetRequiredService<IOptions<ServiceTokenOptions>>().Value.Issuer;
        Dictionary<string, string> configuration = new() { ["issuer"] = issuer, ["jwks_uri"] = issuer.TrimEnd('/') + Folder + KeysPath };
        RouteGroupBuilder group = endpoints.MapGroup(Folder);
        group.MapGet(ConfigurationPath, (HttpResponse response) =>
        {
            response.Headers.CacheControl = CacheControl;
            return TypedResults.Json(configuration);
        });
        group.MapGet(KeysPath, (HttpResponse response) =>
        {
            response.Headers.CacheControl = CacheControl;
            return TypedResults.Text(keys.Current.PublicKeys, "application/json");
        });
        return group.AllowAnonymous().WithMetadata(new SkipSessionAttribute());
    }
}
