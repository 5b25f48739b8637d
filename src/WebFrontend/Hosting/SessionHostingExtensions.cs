using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansSessions.AspNetCore;
using OrleansSessions.Grains.Hosting;
using OrleansSessions.Resp.Hosting;
using OrleansSessions.ServiceDefaults;
using OrleansSessions.ServiceDefaults.Dashboard;

namespace OrleansSessions.WebFrontend.Hosting;

/// <summary>Registration of the frontend's sessions.</summary>
internal static class SessionHostingExtensions
{
    /// <summary>Makes the process a client of the session cluster or, with <c>Frontend:CoHost</c>, one of its silos, and adds the sessions.</summary>
    public static void AddSessions(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration.GetSection(FrontendOptions.Section).Get<FrontendOptions>() is { CoHost: true })
        {
            builder.AddSessionCluster();
            builder.AddRespEndpoint();
            builder.AddSiloDashboard();
            if (builder.RecordsTraces())
            {
                builder.UseOrleans(static silo => silo.AddActivityPropagation());
            }

            // Readiness must not depend on Redis: without it all frontends are affected equally, and removing them all would only make it worse.
            builder.Services.Configure<HealthCheckServiceOptions>(static health =>
                health.Registrations.Single(static check => check.Name == SessionClusterHostingExtensions.StorageCheck).FailureStatus = HealthStatus.Degraded);
        }
        else
        {
            builder.AddOrleansSessionsClient();
            builder.AddClientDashboard();
            if (builder.RecordsTraces())
            {
                builder.UseOrleansClient(static client => client.AddActivityPropagation());
            }
        }

        builder.Services.AddOrleansSessions();
    }
}
