using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Logs;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>A reverse proxy on localhost that spreads requests over the frontends in turn.</summary>
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

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Starts to listen. Until there are frontends, every request is answered 503.</summary>
    /// <exception cref="ClusterStartException">The port cannot be listened on.</exception>
    public static async Task<LoadBalancer> StartAsync(int port, LogFile log)
    {
        var configuration = new InMemoryConfigProvider([FrontendProxy.Route], [FrontendProxy.Cluster([])]);
        var application = Build(port, configuration, log);
        await application.StartAsync(port, "--port");
        return new LoadBalancer(application, configuration, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}")));
    }

    /// <summary>Sends requests to these frontends, and to no others, from now on.</summary>
    public void Use(IEnumerable<(string Name, Uri Url)> frontends) =>
        _configuration.Update([FrontendProxy.Route], [FrontendProxy.Cluster(frontends)]);

    /// <summary>Takes no further requests, and waits for those in flight.</summary>
    public Task StopAsync(CancellationToken forceStop) => _application.DrainAsync(forceStop);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static WebApplication Build(int port, InMemoryConfigProvider configuration, LogFile log)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(new LogFileLoggerProvider(log));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost(port);
            kestrel.AddServerHeader = false;

            // The frontends set limits; two of them would give two different answers.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.AddSingleton<IHostLifetime, LauncherLifetime>();
        builder.Services.AddProblemDetails();
        builder.Services.AddReverseProxy().ConfigureHttpClient(static (_, handler) =>
        {
            // The balancer records no traces: passing on a span of its own would tell the frontends to record none either.
            handler.ActivityHeadersPropagator = null;
        });
        builder.Services.AddSingleton<IProxyConfigProvider>(configuration);
        builder.Services.AddSingleton<IPassiveHealthCheckPolicy, LostConnectionPolicy>();

        var application = builder.Build();
        application.UseRouting();
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
