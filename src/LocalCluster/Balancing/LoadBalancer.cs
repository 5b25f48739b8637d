using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Logs;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>Reverse proxy on localhost with round robin over the frontends.</summary>
internal sealed class LoadBalancer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly InMemoryConfigProvider _configuration;

    private LoadBalancer(WebApplication application, InMemoryConfigProvider configuration, Uri url)
    {
        _application = application;
        _configuration = configuration;
        Url = url;
    }

    /// <summary>The URL it listens on.</summary>
    public Uri Url { get; }

    /// <summary>Starts listening. Requests are answered 503 until there are frontends.</summary>
    /// <param name="port">The port.</param>
    /// <param name="log">The balancer's log.</param>
    /// <param name="map">Adds endpoints that the launcher answers itself; null: none.</param>
    /// <exception cref="ClusterStartException">The port cannot be listened on.</exception>
    public static async Task<LoadBalancer> StartAsync(int port, LogFile log, Action<IEndpointRouteBuilder>? map = null)
    {
        var configuration = new InMemoryConfigProvider([FrontendProxy.Route], [FrontendProxy.Cluster([])]);
        WebApplication application = Build(port, configuration, log, map);
        await application.StartAsync(port, "--port");
        return new LoadBalancer(application, configuration, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}")));
    }

    /// <summary>From now on, sends requests to these frontends only.</summary>
    public void Use(IEnumerable<(string Name, Uri Url)> frontends) =>
        _configuration.Update([FrontendProxy.Route], [FrontendProxy.Cluster(frontends)]);

    /// <summary>Accepts no further requests, and waits for those in flight.</summary>
    public Task StopAsync(CancellationToken forceStop) => _application.DrainAsync(forceStop);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static WebApplication Build(int port, InMemoryConfigProvider configuration, LogFile log, Action<IEndpointRouteBuilder>? map)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(new LogFileLoggerProvider(log));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost(port);
            kestrel.AddServerHeader = false;

            // The frontends enforce the limit; a second limit here would produce a different error.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.AddSingleton<IHostLifetime, LauncherLifetime>();
        builder.Services.AddProblemDetails();
        builder.Services.AddReverseProxy().ConfigureHttpClient(static (_, handler) =>
        {
            // The balancer records no traces. Propagating its unrecorded span would tell the frontends not to record either.
            handler.ActivityHeadersPropagator = null;
        });
        builder.Services.AddSingleton<IProxyConfigProvider>(configuration);
        builder.Services.AddSingleton<IPassiveHealthCheckPolicy, LostConnectionPolicy>();

        WebApplication application = builder.Build();
        application.UseMiddleware<EndlessRequestMiddleware>();
        application.UseRouting();
        map?.Invoke(application);
        application.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<ProxyProblemMiddleware>();
            proxy.UseMiddleware<FailoverMiddleware>();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return application;
    }
}
