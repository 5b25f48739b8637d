using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Authentication;
using OrleansSessions.Resp.Buffers;
using OrleansSessions.Resp.Commands;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Metrics;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Connections;

/// <summary>Acceptor of connections, up to the limit; serves each.</summary>
internal sealed class RespConnections(
    CommandRunner runner,
    ConnectionLimits limits,
    ConnectionWatch watch,
    BufferBudget budget,
    Credentials credentials,
    RespMetrics metrics,
    IOptions<RespOptions> options,
    TimeProvider time,
    ILogger<RespConnections> logger)
{
    private static readonly Reply TooMany = Reply.Error("ERR max number of clients reached");

    private readonly LogPace _pace = new(time);
    private long _lastId;
    private int _open;

    /// <summary>The number of open connections, including those in their TLS handshake.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Counts a connection from its first byte on, and refuses it above the limit.</summary>
    /// <param name="context">The connection.</param>
    /// <param name="serve">Serves an admitted connection.</param>
    public async Task AdmitAsync(ConnectionContext context, ConnectionDelegate serve)
    {
        metrics.ConnectionOpened();
        try
        {
            if (Interlocked.Increment(ref _open) <= options.Value.MaxConnections)
            {
                await serve(context);
            }
            else if (!options.Value.Tls.IsEnabled || context.LocalEndPoint is UnixDomainSocketEndPoint)
            {
                // With TLS, just close, as Redis does: a handshake costs more than everything else about a connection.
                await RunAsync(context, static connection => connection.RefuseAsync(TooMany));
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            metrics.ConnectionClosed();
        }
    }

    /// <summary>Serves a connection until it ends.</summary>
    public Task ServeAsync(ConnectionContext context) => RunAsync(context, static connection => connection.RunAsync());

    private async Task RunAsync(ConnectionContext context, Func<RespConnection, Task> run)
    {
        using var buffers = new ConnectionBuffers(budget, reason => context.Abort(new ConnectionAbortedException(reason)), time);
        var client = new RespClient
        {
            Id = Interlocked.Increment(ref _lastId),
            ConnectedAt = time.GetUtcNow(),
            RemoteEndPoint = $"{context.RemoteEndPoint}",
            LocalEndPoint = $"{context.LocalEndPoint}",
            Aborted = context.ConnectionClosed,
            Buffers = buffers,
            User = credentials.InitialUser,
        };
        var connection = new RespConnection(context, client, runner, limits, time, _pace, logger);
        watch.Add(connection);
        try
        {
            await run(connection);
        }
        finally
        {
            watch.Finish(connection);
        }
    }
}
