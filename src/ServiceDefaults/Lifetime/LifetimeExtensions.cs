using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansSessions.ServiceDefaults.Lifetime;

internal static class LifetimeExtensions
{
    public static void AddLifetime(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IValidateOptions<ShutdownOptions>, ShutdownOptionsValidator>();
        builder.Services.AddOptions<ShutdownOptions>().BindConfiguration(ShutdownOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<Drain>();
        if (!builder.Configuration.GetValue("ExitWithParent", defaultValue: false))
        {
            builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
            return;
        }

        builder.Services.AddSingleton<IHostLifetime, ParentLifetime>();

        // Shorter than the hard limit, so that services notice the timeout before the process exits.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ParentLifetime.StopTimeLimit - TimeSpan.FromSeconds(2));
    }
}
