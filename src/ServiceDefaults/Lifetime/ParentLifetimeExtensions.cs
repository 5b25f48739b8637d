using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace OrleansSessions.ServiceDefaults.Lifetime;

internal static class ParentLifetimeExtensions
{
    public static void AddParentLifetime(this IHostApplicationBuilder builder)
    {
        if (!builder.Configuration.GetValue("ExitWithParent", defaultValue: false))
        {
            return;
        }

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IHostLifetime, ParentLifetime>();

        // Below the hard limit, so that services hear that time is running out before the process ends under them.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ParentLifetime.StopTimeLimit - TimeSpan.FromSeconds(2));
    }
}
