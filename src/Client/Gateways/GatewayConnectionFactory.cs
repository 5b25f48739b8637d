using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.Client.Gateways;

/// <summary>Connection factory for gateways. A gateway that does not answer is abandoned within two seconds, and another one takes its calls.</summary>
internal sealed class GatewayConnectionFactory(IConnectionFactory inner, GatewaySuspicions suspicions, TimeProvider time, ILogger<GatewayConnectionFactory> logger)
    : IConnectionFactory
{
    /// <summary>Time limit for connecting within one data centre.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromMilliseconds(700);

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (suspicions.IsSuspect(endpoint))
        {
            throw new ConnectionAbortedException($"The gateway {endpoint} did not answer a moment ago. It will be retried soon.");
        }

        long started = time.GetTimestamp();
        try
        {
            ConnectionContext connection = await ConnectInTimeAsync(endpoint, cancellationToken).ConfigureAwait(false);
            var watch = new GatewayWatch(connection, endpoint, suspicions, () => CanConnectAsync(endpoint), time, logger);
            connection.Transport = new WatchedTransport(connection.Transport, watch);
            return connection;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            suspicions.TrySuspect(endpoint, started);
            throw new ConnectionAbortedException($"Could not connect to the gateway {endpoint} within {ConnectTimeout.TotalMilliseconds} ms.", exception);
        }
    }

    private async Task<ConnectionContext> ConnectInTimeAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        return await inner.ConnectAsync(endpoint, either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
    }

    private async Task<bool> CanConnectAsync(EndPoint endpoint)
    {
        try
        {
            ConnectionContext connection = await ConnectInTimeAsync(endpoint, CancellationToken.None).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception)
        {
            // Any failure means that it did not accept the connection.
            return false;
        }
    }
}
