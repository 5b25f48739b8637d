using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>Connection handler that copies bytes between a client and a silo, with back-pressure in both directions.</summary>
internal sealed partial class RespRelay(RespTargets targets, ILogger<RespRelay> logger) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        using Socket? socket = await targets.ConnectAsync();
        if (socket is null)
        {
            LogNoSilo(logger);
            return;
        }

        using var silo = new NetworkStream(socket);
        IDuplexPipe client = connection.Transport;
        using CancellationTokenRegistration? stopping =
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested.Register(client.Input.CancelPendingRead);
        Task requests = PassOnAsync(client.Input, silo, socket);
        try
        {
            await silo.CopyToAsync(client.Output);
        }
        catch (IOException exception)
        {
            // The silo or the client has died. The other side detects a truncated reply, because each reply starts with its length.
            LogBroken(logger, exception.Message);
        }

        client.Input.CancelPendingRead();
        await requests;
    }

    private async Task PassOnAsync(PipeReader client, NetworkStream silo, Socket socket)
    {
        try
        {
            try
            {
                await client.CopyToAsync(silo);
            }
            catch (OperationCanceledException)
            {
                // The balancer stops, or the silo has closed the connection.
            }

            // A client that closes its sending side still waits for replies. The silo sends them if it sees the end of input.
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // One side is gone, so the remaining replies cannot be delivered.
            LogBroken(logger, exception.Message);
            socket.Close();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "A connection to the Redis-protocol endpoint was closed: no silo is ready.")]
    private static partial void LogNoSilo(ILogger logger);

    [LoggerMessage(2, LogLevel.Debug, "A connection to the Redis-protocol endpoint broke: {Reason}")]
    private static partial void LogBroken(ILogger logger, string reason);
}
