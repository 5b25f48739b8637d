using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;

namespace OrleansSessions.ServiceDefaults.Dashboard;

/// <summary>
/// Orleans' dashboard: silos, calls and activations by type of grain. It is off unless <c>Dashboard:Enabled</c> is true, because it adds a filter to every grain call. It
/// never shows logs or the state of grains.
/// </summary>
public static class DashboardExtensions
{
    private const string Setting = "Dashboard:Enabled";
    private const string StateRoute = "/GrainState";

    /// <summary>Whether the process has the dashboard.</summary>
    public static bool HasDashboard(this IConfiguration configuration) => configuration.GetValue<bool>(Setting);

    /// <summary>Collects the dashboard's figures in the process' silo.</summary>
    public static void AddSiloDashboard(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Configuration.HasDashboard())
        {
            builder.UseOrleans(static silo => silo.AddDashboard(HideLogs));
        }
    }

    /// <summary>Lets a client of the cluster show the dashboard. The silos must have it too.</summary>
    public static void AddClientDashboard(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Configuration.HasDashboard())
        {
            builder.UseOrleansClient(static client => client.AddDashboard(HideLogs));
        }
    }

    /// <summary>Maps the dashboard's pages under a path, for users who fulfil an authorization policy: the dashboard itself authenticates no one.</summary>
    public static void MapDashboard(this WebApplication app, string path, string policy)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Configuration.HasDashboard())
        {
            app.MapOrleansDashboard(path).RequireAuthorization(policy).DisableHttpMetrics().AddEndpointFilter(RefuseStateAsync);
        }
    }

    private static void HideLogs(DashboardOptions options) => options.HideTrace = true;

    private static async ValueTask<object?> RefuseStateAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route } && route.EndsWith(StateRoute, StringComparison.OrdinalIgnoreCase)
            ? TypedResults.NotFound()
            : await next(context);
}
