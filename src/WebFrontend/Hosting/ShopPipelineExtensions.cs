using Microsoft.AspNetCore.StaticFiles;
using OrleansSessions.AspNetCore;
using OrleansSessions.ServiceDefaults;
using OrleansSessions.WebFrontend.Api;
using OrleansSessions.WebFrontend.Errors;

namespace OrleansSessions.WebFrontend.Hosting;

/// <summary>Puts the shop's request pipeline together.</summary>
internal static class ShopPipelineExtensions
{
    private const string CacheForAYear = "public, max-age=31536000, immutable";

    /// <summary>Adds middleware and endpoints, in the order in which a request meets them.</summary>
    public static void UseShop(this WebApplication app)
    {
        // Before all that asks for the scheme: behind a balancer that ends TLS, cookies and links follow the browser's scheme.
        app.UseForwardedHeaders();
        app.UseMiddleware<ServedByMiddleware>();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseManagementEndpoints();
        app.UseErrorResponses();

        // Before the sessions: a stylesheet needs none.
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = CacheVersionedFiles });
        app.UseRouting();
        app.UseOrleansSessions();

        app.MapSessionApi();
        app.MapRazorPages();
    }

    /// <summary>Pages name their files with a hash of the content (<c>?v=</c>), so such an address never changes its content.</summary>
    private static void CacheVersionedFiles(StaticFileResponseContext file)
    {
        if (file.Context.Request.Query.ContainsKey("v"))
        {
            file.Context.Response.Headers.CacheControl = CacheForAYear;
        }
    }
}
