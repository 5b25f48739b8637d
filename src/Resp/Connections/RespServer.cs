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

    /// <summary>The address and port it listens on, or null if it doesn't listen on one.</summary>
    public IPEndPoint? EndPoint => _listening?.IPEndPoint;

    /// <summary>Opens the port and the Unix socket that are configured.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsEnabled)
        {
            return;
        }

        UnixSocketFile? file = options.Value.UnixSocket is { } path ? new UnixSocketFile(path, options.Value.ParsedUnixSocketMode!.Value) : null;
        if (file is not null)
        {
            await file.RemoveLeftOverAsync(cancellationToken);
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
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Listen);
        _kestrel = builder.Build();
        await _kestrel.Services.GetRequiredService<IServer>().StartAsync(new NoHttpApplication(), cancellationToken);
        file?.SetMode();
        if (EndPoint is { } endPoint)
        {
            LogListening(_logger, endPoint, options.Value.Tls.IsEnabled ? "with" : "without");
        }

        if (file is not null)
        {
            LogListeningOnSocket(_logger, file.Path, options.Value.UnixSocketMode);
        }
    }

    /// <summary>Closes the port and the Unix socket, lets commands finish and closes the connections.</summary>
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

    private void Listen(KestrelServerOptions kestrel)
    {
        RespOptions endpoint = options.Value;
        if (endpoint is { Port: { } anyPort, Address: RespOptions.AnyAddress })
        {
            // Falls back to IPv4 if IPv6 is unavailable.
            kestrel.ListenAnyIP(anyPort, ListenOnPort);
        }
        else if (endpoint.Port is { } port)
        {
            kestrel.Listen(endpoint.ParsedAddress!, port, ListenOnPort);
        }

        if (endpoint.UnixSocket is { } path)
        {
            kestrel.ListenUnixSocket(path, Serve);
        }
    }

    private void ListenOnPort(ListenOptions listening)
    {
        _listening = listening;
        Serve(listening);
    }

    private void Serve(ListenOptions listening)
    {
        listening.Use(serve => context => connections.AdmitAsync(context, serve));

        // A Unix socket does not leave the machine: its file's permissions protect it.
        if (options.Value.Tls.IsEnabled && listening.IPEndPoint is not null)
        {
            UseTls(listening);
        }

        listening.Run(connections.ServeAsync);
    }

    private void UseTls(ListenOptions listening)
    {
        CertificateFiles certificates = _certificates = new CertificateFiles(options.Value.Tls.Paths, time, loggers.CreateLogger<CertificateFiles>());
        TimeSpan patience = options.Value.SlowClientTimeout;
        listening.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = patience < HandshakeTimeout ? patience : HandshakeTimeout,
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificates.Current.Own }),
        });
    }

    [LoggerMessage(420, LogLevel.Information, "The RESP endpoint listens on {EndPoint}, {With} TLS.")]
    private static partial void LogListening(ILogger logger, IPEndPoint endPoint, string with);

    [LoggerMessage(422, LogLevel.Information, "The RESP endpoint listens on the Unix socket {Path}, with the permissions {Mode}.")]
    private static partial void LogListeningOnSocket(ILogger logger, string path, string mode);

    [LoggerMessage(421, LogLevel.Information, "The RESP endpoint is stopping; {Count} connections are open.")]
    private static partial void LogStopping(ILogger logger, int count);
}
