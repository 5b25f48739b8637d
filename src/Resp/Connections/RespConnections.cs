using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using OrleansSessions.Resp.Authentication;
using OrleansSessions.Resp.Commands;
using OrleansSessions.Resp.Hosting;
using OrleansSessions.Resp.Metrics;
using OrleansSessions.Resp.Protocol.Replies;

namespace OrleansSessions.Resp.Connections;

/// <summary>Accepts connections, up to the limit, and serves each.</summary>
internal sealed class RespConnections(
    CommandRunner runner, ConnectionLimits limits, ConnectionWatch watch, Credentials credentials, RespMetrics metrics, IOptions<RespOptions> options, TimeProvider time)
{
    private static readonly Reply TooMany = Reply.Error("ERR max number of clients reached");

    private long _lastId;
    private int _open;

    /// <summary>The number of connections that are being served.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Serves a connection until it ends.</summary>
    public async Task ServeAsync(ConnectionContext context)
    {
        var client = new RespClient
        {
            Id = Interlocked.Increment(ref _lastId),
            ConnectedAt = time.GetUtcNow(),
            RemoteEndPoint = $"{context.RemoteEndPoint}",
            LocalEndPoint = $"{context.LocalEndPoint}",
            Aborted = context.ConnectionClosed,
            User = credentials.InitialUser,
        };
        var connection = new RespConnection(context, client, runner, limits, time);
        watch.Add(connection);
        metrics.ConnectionOpened();
        try
        {
            await (Interlocked.Increment(ref _open) > options.Value.MaxConnections ? connection.RefuseAsync(TooMany) : connection.RunAsync());
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            metrics.ConnectionClosed();
            watch.Finish(connection);
        }
    }
}
