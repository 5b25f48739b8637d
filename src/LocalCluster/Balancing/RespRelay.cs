using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>Copies bytes between a client and a silo, each way no faster than the receiver takes them.</summary>
internal sealed partial class RespRelay(RespTargets targets, ILogger<RespRelay> logger) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        using var socket = await targets.ConnectAsync();
        if (socket is null)
        {
            LogNoSilo(logger);
            return;
        }

        using var silo = new NetworkStream(socket);
        var client = connection.Transport;
        using var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested.Register(client.Input.CancelPendingRead);
        var requests = PassOnAsync(client.Input, silo, socket);
        try
        {
            await silo.CopyToAsync(client.Output);
        }
        catch (IOException)
        {
            // The silo has died, or the client. An answer that breaks off says so by itself: each tells its length first.
        }

        client.Input.CancelPendingRead();
        await requests;
    }

    private static async Task PassOnAsync(PipeReader client, NetworkStream silo, Socket socket)
    {
        try
        {
            try
            {
                await client.CopyToAsync(silo);
            }
            catch (OperationCanceledException)
            {
                // The balancer stops, or the silo has said its last.
            }

            // A client that closes its half still waits for its answers, and a silo that is told of the end still gives them.
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // One of the two is gone, so the answers have nobody to come from or to go to.
            socket.Close();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "A connection to the Redis-protocol endpoint was closed: no silo is ready.")]
    private static partial void LogNoSilo(ILogger logger);
}
