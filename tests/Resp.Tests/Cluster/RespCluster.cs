using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Connections;
using OrleansSessions.Resp.Hosting;
using OrleansSessions.Resp.Tests.Connections;

namespace OrleansSessions.Resp.Tests.Cluster;

/// <summary>Two silos with an endpoint each, on a store in this process.</summary>
public sealed class RespCluster : IAsyncLifetime
{
    private readonly List<IHost> _hosts = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The address of each silo's endpoint.</summary>
    internal IReadOnlyList<string> Endpoints => [.. _hosts.Select(host => host.Services.GetRequiredService<RespServer>().EndPoint!.ToString())];

    /// <summary>The same as socket addresses.</summary>
    internal IReadOnlyList<IPEndPoint> Addresses => [.. _hosts.Select(host => host.Services.GetRequiredService<RespServer>().EndPoint!)];

    /// <summary>The grain factory, as for frontends.</summary>
    internal IGrainFactory Grains => _hosts[0].Services.GetRequiredService<IGrainFactory>();

    /// <summary>Calls sessions like a frontend, which repeats a call without an answer.</summary>
    internal SessionClient Sessions => new(Grains, SessionClient.MaxIOTimeout, TimeProvider.System);

    internal EmbeddedStore Store { get; } = EmbeddedStore.Start();

    /// <summary>The silos' log, from warnings up.</summary>
    internal LogLines Log { get; } = new();

    /// <summary>Settings of the section Resp, without the port.</summary>
    internal Dictionary<string, string?> Settings { get; } = [];

    public async ValueTask InitializeAsync()
    {
        string clusterId = Guid.NewGuid().ToString("N");
        for (int i = 1; i <= 2; i++)
        {
            HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            builder.AddTestSilo(Store, clusterId, $"silo-{i}");
            builder.Logging.AddProvider(Log).SetMinimumLevel(LogLevel.Warning);
            builder.Configuration.AddInMemoryCollection(Settings.Append(new("Resp:Port", "0")));
            builder.AddRespEndpoint();
            IHost host = builder.Build();
            await host.StartAsync();
            _hosts.Add(host);
        }
    }

    /// <summary>Loads the session like a frontend.</summary>
    internal ValueTask<LoadResult> LoadAsync(string prefix, string token) => Sessions.LoadAsync(KeyOf(prefix, token), touch: false, Cancellation);

    /// <summary>Commits changes like a frontend.</summary>
    internal ValueTask<CommitResult> CommitAsync(string prefix, string token, params SessionChange[] changes) =>
        Sessions.CommitAsync(KeyOf(prefix, token), new SessionCommit { OperationId = Guid.NewGuid(), Changes = [.. changes] }, Cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (IHost host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        Store.Dispose();
    }

    private static SessionKey KeyOf(string prefix, string token) =>
        SessionKey.For(prefix, SessionToken.TryParse(token, out SessionToken parsed) ? parsed : throw new ArgumentException("No token.", nameof(token)));
}
