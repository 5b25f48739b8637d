using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using OrleansSessions.Administration;
using OrleansSessions.AspNetCore;
using OrleansSessions.WebFrontend.Administration;
using OrleansSessions.WebFrontend.Cart;
using OrleansSessions.WebFrontend.Catalogue;
using OrleansSessions.WebFrontend.Checkout;
using OrleansSessions.WebFrontend.Customers;
using OrleansSessions.WebFrontend.Errors;
using OrleansSessions.WebFrontend.Keys;
using OrleansSessions.WebFrontend.Live;

namespace OrleansSessions.WebFrontend.Hosting;

/// <summary>Registration of the shop's services.</summary>
internal static class ShopHostingExtensions
{
    /// <summary>Maximum request body: a session entry of 1 MiB plus overhead.</summary>
    private const long MaxRequestBodyBytes = 3 * 1024 * 1024 / 2;

    /// <summary>Adds the shop's pages and API, and what they need to work the same on every frontend.</summary>
    public static void AddShop(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton<IValidateOptions<FrontendOptions>, FrontendOptionsValidator>();
        services.AddOptions<FrontendOptions>().BindConfiguration(FrontendOptions.Section).ValidateOnStart();

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBodyBytes;
        });

        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<FrontendOptions>>((forwarded, frontend) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            foreach (string network in frontend.Value.TrustedProxies)
            {
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
            }
        });

        services.AddSharedKeyRing();
        services.AddErrorResponses();

        // TempData also lives in the session, not in its own cookie: existing components work on this library unchanged.
        services.AddRazorPages(static pages =>
        {
            pages.Conventions.AuthorizeFolder("/Console", SessionPermissions.Read);
            pages.Conventions.AllowAnonymousToPage("/Console/SignIn");
        }).AddSessionStateTempDataProvider();
        services.AddConsole();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "shop.antiforgery";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.Configure<RouteOptions>(routes => routes.LowercaseUrls = true);

        services.AddHttpContextAccessor();
        services.AddScoped(provider => provider.GetRequiredService<IHttpContextAccessor>().HttpContext!.GetOrleansSession());
        services.AddSingleton<ProductCatalogue>();
        services.AddScoped<ShoppingCart>();
        services.AddScoped<Customer>();
        services.AddScoped<OrderBook>();
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<SignedInStream>();
        services.AddLiveCart();
    }
}
