using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore;
using OrleansSessions.ServiceDefaults;
using OrleansSessions.WebFrontend.Administration;
using OrleansSessions.WebFrontend.Api;
using OrleansSessions.WebFrontend.Customers;
using OrleansSessions.WebFrontend.Errors;
using OrleansSessions.WebFrontend.Live;

namespace OrleansSessions.WebFrontend.Hosting;

/// <summary>Request pipeline of the shop.</summary>
internal static partial class ShopPipelineExtensions
{
    private const string CacheForAYear = "public, max-age=31536000, immutable";

    /// <summary>Adds middleware and endpoints, in pipeline order.</summary>
    public static void UseShop(this WebApplication app)
    {
        // First, because behind a balancer that terminates TLS, cookies and links depend on the browser's scheme.
        app.UseForwardedHeaders();
        app.UseMiddleware<ServedByMiddleware>();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseManagementEndpoints();
        app.UseErrorResponses();

        // Before the sessions: static files need none.
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = CacheVersionedFiles });
        app.UseConsole();
        app.UseRouting();
        app.UseErrorPage();
        app.UseRateLimiter();
        app.UseWebSockets();
        app.UseOrleansSessions();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapSessionApi();
        app.MapRazorPages();
        app.MapConsoleStream();
        app.MapConsoleDashboard();

        app.MapLiveCart();

        // As long as its page is open: its duration says nothing of the frontend.
        app.MapGet(SignedInStream.Path, static (HttpContext context, IOrleansSession session, Customer customer, SignedInStream stream) =>
            stream.OpenAsync(context, session, customer)).DisableHttpMetrics();

        // Not earlier: the host validates all options when it starts, and reports what is wrong with them together.
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            if (!Customer.KeepsLists(app.Services.GetRequiredService<IOptions<OrleansSessionOptions>>().Value))
            {
                LogNoLists(app.Logger);
            }
        });
    }

    /// <summary>Pages add a content hash to the file's URL (<c>?v=</c>), so the content of such a URL never changes.</summary>
    private static void CacheVersionedFiles(StaticFileResponseContext file)
    {
        if (file.Context.Request.Query.ContainsKey("v"))
        {
            file.Context.Response.Headers.CacheControl = CacheForAYear;
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Customers sign in without a list of their devices: set " + OrleansSessionOptions.SectionName + ":" + nameof(OrleansSessionOptions.UserKeySecret) + " or "
        + nameof(OrleansSessionOptions.UserKeySecretFile) + ".")]
    private static partial void LogNoLists(ILogger logger);
}
