using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Connectivity.ClusterTls;

namespace OrleansSessions.Connectivity.Tests.ClusterTls;

/// <summary>One end of connections, set up like Orleans does: the middleware over pipes whose other end belongs to the test.</summary>
internal sealed class TlsEnd : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly ConnectionDelegate _connection;
    private readonly TaskCompletionSource<IDuplexPipe> _authenticated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TlsEnd(TestCertificateFolder certificates, ClusterPort port, bool isServer, TimeSpan? handshakeTimeout = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(certificates.Settings(ClusterTlsOptions.SectionName).ToDictionary(setting => setting.Key, string? (setting) => setting.Value))
            .Build());
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        services.AddMetrics();
        services.AddSingleton<TimeProvider>(Time);
        services.AddClusterTls(isSilo: false);
        services.Configure<ClusterTlsOptions>(options => options.HandshakeTimeout = handshakeTimeout ?? options.HandshakeTimeout);
        _services = services.BuildServiceProvider();
        Refusals = new RefusalListener(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());

        var builder = new ConnectionBuilder(_services);
        _ = isServer ? builder.UseClusterTlsServer(port) : builder.UseClusterTlsClient(port);
        builder.Run(context =>
        {
            _authenticated.TrySetResult(context.Transport);
            return _stop.Task;
        });
        _connection = builder.Build();
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public LogLines Log { get; } = new();

    public RefusalListener Refusals { get; }

    /// <summary>The decrypted side, once the peer has been accepted.</summary>
    public Task<IDuplexPipe> Authenticated => _authenticated.Task;

    /// <summary>Runs a connection until <see cref="Stop"/>, or until its peer is refused.</summary>
    public async Task RunAsync(IDuplexPipe transport)
    {
        var context = new DefaultConnectionContext("test", transport, transport) { RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 4711) };
        try
        {
            await _connection(context);
        }
        finally
        {
            // As Orleans does when it disposes of the connection.
            await transport.Input.CompleteAsync();
            await transport.Output.CompleteAsync();
        }
    }

    public void Stop() => _stop.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Stop();
        Refusals.Dispose();
        await _services.DisposeAsync();
    }
}
