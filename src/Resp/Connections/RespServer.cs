using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.Certificates;
using OrleansSessions.Resp.Buffers;
using OrleansSessions.Resp.Configuration;

namespace OrleansSessions.Resp.Connections;

/// <summary>
/// Server for Redis-protocol clients on its own Kestrel: the process' web server, if any, keeps its own addresses and lifetime.
/// </summary>
internal sealed partial class RespServer(
    RespConnections connections, IOptions<RespOptions> options, TimeProvider time, IMeterFactory meters, ILoggerFactory loggers) : IAsyncDisposable
{
    /// <summary>Time for clients to read the replies to their last commands when the server stops.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Kestrel's default.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly ILogger _logger = loggers.CreateLogger<RespServer>();
    private WebApplication? _kestrel;
    private ListenOptions? _listening;
    private CertificateFiles? _certificates;

    /// <summary>The address and port it listens on, or null if it doesn't listen.</summary>
    public IPEndPoint? EndPoint => _listening?.IPEndPoint;

    /// <summary>Opens the port, if one is configured.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Port is not { } port)
        {
            return;
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(meters);
        builder.Services.Configure<SocketTransportOptions>(static socket =>
        {
            socket.MaxReadBufferSize = ConnectionBuffers.ReadAheadBytes;
            socket.MaxWriteBufferSize = ConnectionBuffers.UnsentBytes;

            // Commands run on the thread that has received them. None of them blocks, and most are answered without waiting for anything.
            socket.UnsafePreferInlineScheduling = true;
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, port));
        _kestrel = builder.Build();
        await _kestrel.Services.GetRequiredService<IServer>().StartAsync(new NoHttpApplication(), cancellationToken);
        LogListening(_logger, EndPoint, options.Value.Tls.IsEnabled ? "with" : "without");
    }

    /// <summary>Closes the port, lets commands finish and closes the connections.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_kestrel is null)
        {
            return;
        }

        LogStopping(_logger, connections.Open);
        using var limit = new CancellationTokenSource(DrainTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await _kestrel.Services.GetRequiredService<IServer>().StopAsync(either.Token);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _certificates?.Dispose();
        if (_kestrel is { } kestrel)
        {
            _kestrel = null;
            _listening = null;
            await kestrel.DisposeAsync();
        }
    }

    private void Listen(KestrelServerOptions kestrel, int port)
    {
        if (options.Value.Address == RespOptions.AnyAddress)
        {
            // Falls back to IPv4 if IPv6 is unavailable.
            kestrel.ListenAnyIP(port, Configure);
        }
        else
        {
            kestrel.Listen(options.Value.ParsedAddress!, port, Configure);
        }
    }

    private void Configure(ListenOptions listening)
    {
        _listening = listening;
        listening.Use(serve => context => connections.AdmitAsync(context, serve));
        if (options.Value.Tls.IsEnabled)
        {
            CertificateFiles certificates = _certificates = new CertificateFiles(options.Value.Tls.Paths, time, loggers.CreateLogger<CertificateFiles>());
            TimeSpan patience = options.Value.SlowClientTimeout;
            listening.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = patience < HandshakeTimeout ? patience : HandshakeTimeout,
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificates.Current.Own }),
            });
        }

        listening.Run(connections.ServeAsync);
    }

    [LoggerMessage(420, LogLevel.Information, "The RESP endpoint listens on {EndPoint}, {With} TLS.")]
    private static partial void LogListening(ILogger logger, IPEndPoint? endPoint, string with);

    [LoggerMessage(421, LogLevel.Information, "The RESP endpoint is stopping; {Count} connections are open.")]
    private static partial void LogStopping(ILogger logger, int count);
}
