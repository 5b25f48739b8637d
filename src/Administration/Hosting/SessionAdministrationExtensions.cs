using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansSessions.Administration.Api;

namespace OrleansSessions.Administration;

/// <summary>Registration of the administration of sessions.</summary>
public static class SessionAdministrationExtensions
{
    /// <summary>
    /// Adds <see cref="SessionAdministrator"/>, <see cref="ISessionAdministrators"/> and an authorization policy for each of <see cref="SessionPermissions"/>, which
    /// requires a claim of that value. Requires an <see cref="IGrainFactory"/>: an Orleans client, or a silo in the same process.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options, after the configuration section <c>Administration</c>.</param>
    public static IServiceCollection AddSessionAdministration(this IServiceCollection services, Action<SessionAdministrationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<SessionAdministrationOptions>()
            .Configure<IConfiguration>(static (options, configuration) => configuration.GetSection(SessionAdministrationOptions.SectionName).Bind(options))
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionAdministrationOptions>, SessionAdministrationOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SessionAdministrator>();
        services.TryAddSingleton<ISessionAdministrators, AdministrationKeys>();
        services.TryAddSingleton<AuditFeed>();
        services.AddAuthorization(static authorization =>
        {
            foreach (string permission in (string[])[SessionPermissions.Read, SessionPermissions.End, SessionPermissions.Values, SessionPermissions.Act])
            {
                authorization.AddPolicy(permission, policy => policy.RequireAuthenticatedUser().RequireClaim(SessionPermissions.ClaimType, permission));
            }
        });
        return services;
    }

    /// <summary>
    /// Adds the administration if <c>Administration:Url</c> is set, with authentication by the keys of <c>Administration:KeysFile</c> as the process' default.
    /// </summary>
    /// <returns>The URL that the process must listen on too; null: the administration is not served.</returns>
    public static string? AddSessionAdministration(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        SessionAdministrationOptions? options = builder.Configuration.GetSection(SessionAdministrationOptions.SectionName).Get<SessionAdministrationOptions>();
        if (options is not { IsServed: true })
        {
            return null;
        }

        builder.Services.AddSessionAdministration();
        builder.Services.AddAuthentication(KeyAuthenticationHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthenticationHandler>(KeyAuthenticationHandler.SchemeName, configureOptions: null);
        return options.ParsedUrl?.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>Serves the administration at the port of <c>Administration:Url</c>, and nothing else there. Without that setting it does nothing.</summary>
    public static IApplicationBuilder UseSessionAdministration(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ApplicationServices.GetService<SessionAdministrator>() is null)
        {
            return app;
        }

        int? port = app.ApplicationServices.GetRequiredService<IOptions<SessionAdministrationOptions>>().Value.ParsedUrl?.Port;

        // Match the connection's local port: the sender can put anything into the Host header.
        return app.MapWhen(context => context.Connection.LocalPort == port, static branch =>
        {
            branch.UseRouting();
            branch.UseAuthentication();
            branch.UseAuthorization();
            branch.UseEndpoints(static endpoints => endpoints.MapSessionAdministration());
        });
    }

    /// <summary>
    /// Maps the administration's routes, each of which requires a policy of <see cref="SessionPermissions"/>. Map it where those policies' users are authenticated without
    /// cookies, or add antiforgery: the routes have none.
    /// </summary>
    public static RouteGroupBuilder MapSessionAdministration(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        RouteGroupBuilder group = endpoints.MapGroup("");
        group.AddEndpointFilter(ApiProblemFilter.InvokeAsync);
        group.MapGet("/statistics", SessionAdministrationEndpoints.CountAsync).RequireAuthorization(SessionPermissions.Read);
        group.MapPost("/users", SessionAdministrationEndpoints.FindUser).RequireAuthorization(SessionPermissions.Read);
        group.MapGet("/users/{userKey}/sessions", SessionAdministrationEndpoints.ListAsync).RequireAuthorization(SessionPermissions.Read);
        group.MapDelete("/users/{userKey}/sessions", SessionAdministrationEndpoints.EndAllAsync).RequireAuthorization(SessionPermissions.End);
        group.MapDelete("/sessions", SessionAdministrationEndpoints.EndTaggedAsync).RequireAuthorization(SessionPermissions.End);
        group.MapGet("/sessions/{key}", SessionAdministrationEndpoints.DescribeAsync).RequireAuthorization(SessionPermissions.Read);
        group.MapDelete("/sessions/{key}", SessionAdministrationEndpoints.EndAsync).RequireAuthorization(SessionPermissions.End);
        group.MapGet("/sessions/{key}/values", SessionAdministrationEndpoints.ReadAsync).RequireAuthorization(SessionPermissions.Read, SessionPermissions.Values);
        group.MapGet("/audit", SessionAdministrationEndpoints.AuditAsync).RequireAuthorization(SessionPermissions.Read);
        group.MapGet("/audit/events", SessionAdministrationEndpoints.FollowAsync).RequireAuthorization(SessionPermissions.Read);
        return group;
    }
}
