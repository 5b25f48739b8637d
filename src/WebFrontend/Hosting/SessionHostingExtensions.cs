using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansSessions.AspNetCore;
using OrleansSessions.Grains.Hosting;
using OrleansSessions.Resp.Hosting;
using OrleansSessions.ServiceDefaults;

namespace OrleansSessions.WebFrontend.Hosting;

/// <summary>Connects the frontend to its sessions.</summary>
internal static class SessionHostingExtensions
{
    /// <summary>Makes the process a client of the session cluster, or a silo of it with <c>Frontend:CoHost</c>, and adds the sessions.</summary>
    public static void AddSessions(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration.GetSection(FrontendOptions.Section).Get<FrontendOptions>() is { CoHost: true })
        {
            builder.AddSessionCluster();
            builder.AddRespEndpoint();
            if (builder.RecordsTraces())
            {
                builder.UseOrleans(static silo => silo.AddActivityPropagation());
            }

            // The shop's readers need no Redis: without it, all frontends are as good as each other, and none is to be taken away.
            builder.Services.Configure<HealthCheckServiceOptions>(static health =>
                health.Registrations.Single(static check => check.Name == SessionClusterHostingExtensions.StorageCheck).FailureStatus = HealthStatus.Degraded);
        }
        else
        {
            builder.AddOrleansSessionsClient();
            if (builder.RecordsTraces())
            {
                builder.UseOrleansClient(static client => client.AddActivityPropagation());
            }
        }

        builder.Services.AddOrleansSessions();
    }
}
