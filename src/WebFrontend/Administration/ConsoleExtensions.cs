using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OrleansSessions.Administration;
using OrleansSessions.AspNetCore;
using OrleansSessions.ServiceDefaults.Dashboard;

namespace OrleansSessions.WebFrontend.Administration;

/// <summary>Registration of the administrators' console. Without a file of keys it does not exist.</summary>
internal static class ConsoleExtensions
{
    /// <summary>The path of Orleans' dashboard.</summary>
    public const string DashboardPath = $"{ConsoleSignIn.Path}/orleans";

    /// <summary>The rate limit of attempts to sign in.</summary>
    public const string SignInLimit = "console-sign-in";

    /// <summary>Attempts to sign in of one address, in a minute and at this frontend.</summary>
    private const int SignInsPerMinute = 10;

    public static void AddConsole(this IServiceCollection services)
    {
        services.AddSessionAdministration();
        services.AddOptions<SessionAdministrationOptions>().PostConfigure<IOptions<OrleansSessionOptions>>(static (options, sessions) =>
        {
            if (!string.IsNullOrEmpty(options.KeysFile))
            {
                // The console finds users by the secret that this frontend signs them in with.
                options.UserKeySecret = sessions.Value.UserKeySecret;
                options.UserKeySecretFile = sessions.Value.UserKeySecretFile;
                options.UserNamespace = sessions.Value.Namespace;
            }
        });
        services.AddOptions<OrleansSessionOptions>().PostConfigure<IConfiguration>(static (sessions, configuration) =>
        {
            // Not by the administration's options, which are made from these.
            if (configuration.GetSection(SessionAdministrationOptions.SectionName).Get<SessionAdministrationOptions>() is { KeysFile: { Length: > 0 } })
            {
                sessions.Impersonation.Policy ??= SessionPermissions.Act;
            }
        });
        services.AddConsoleSignIn();
        services.AddSingleton<ConsoleStream>();
        services.AddScoped<AdministratorSession>();
        services.AddRateLimiter(static limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = static (rejected, _) =>
            {
                if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait))
                {
                    rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                }

                return ValueTask.CompletedTask;
            };
            limiter.AddPolicy(SignInLimit, static context => HttpMethods.IsPost(context.Request.Method)
                ? RateLimitPartition.GetFixedWindowLimiter(
                    context.Connection.RemoteIpAddress ?? IPAddress.None,
                    static _ => new FixedWindowRateLimiterOptions { PermitLimit = SignInsPerMinute, Window = TimeSpan.FromMinutes(1) })
                : RateLimitPartition.GetNoLimiter(IPAddress.None));
        });
    }

    /// <summary>Answers 404 for every path of the console if there is no file of keys.</summary>
    public static void UseConsole(this IApplicationBuilder app)
    {
        var administrators = app.ApplicationServices.GetRequiredService<ISessionAdministrators>();
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(ConsoleSignIn.Path) && !administrators.AreConfigured,
            static hidden => hidden.Run(static context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }));
    }

    /// <summary>Maps Orleans' dashboard into the console, if it is enabled.</summary>
    public static void MapConsoleDashboard(this WebApplication app) => app.MapDashboard(DashboardPath, SessionPermissions.Read);

    public static void MapConsoleStream(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(ConsoleStream.Path, static (HttpContext context, ConsoleStream stream) => stream.OpenAsync(context))
            .RequireAuthorization(SessionPermissions.Read)
            .WithMetadata(new SkipSessionAttribute())
            .DisableHttpMetrics();
}
