using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Logs;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>TCP balancer: forwards connections on one localhost port to the silos' Redis-protocol endpoints, round robin.</summary>
internal sealed class RespBalancer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly RespTargets _targets;

    private RespBalancer(WebApplication application, RespTargets targets, int port)
    {
        _application = application;
        _targets = targets;
        Address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    /// <summary>The address it listens on, as <c>host:port</c>.</summary>
    public string Address { get; }

    /// <summary>Starts listening. Connections are closed at once until there are silos.</summary>
    /// <exception cref="ClusterStartException">The port cannot be listened on.</exception>
    public static async Task<RespBalancer> StartAsync(int port, LogFile log)
    {
        var targets = new RespTargets();
        WebApplication application = Build(port, targets, log);
        await application.StartAsync(port, "--resp-port");
        return new RespBalancer(application, targets, port);
    }

    /// <summary>From now on, forwards new connections to these endpoints only. Open connections stay where they are.</summary>
    public void Use(IEnumerable<IPEndPoint> endpoints) => _targets.Use(endpoints);

    /// <summary>Accepts no further connections, signals the silos the end of input, and waits for their last replies.</summary>
    public Task StopAsync(CancellationToken forceStop) => _application.DrainAsync(forceStop);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static WebApplication Build(int port, RespTargets targets, LogFile log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(new LogFileLoggerProvider(log));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.ListenLocalhost(port, listen => listen.UseConnectionHandler<RespRelay>()));
        builder.Services.AddSingleton<IHostLifetime, LauncherLifetime>();
        builder.Services.AddSingleton(targets);
        return builder.Build();
    }
}
