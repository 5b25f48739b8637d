using System.Net;
using System.Net.Sockets;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>The endpoints that connections are passed on to, in turn.</summary>
internal sealed class RespTargets
{
    // A process that hangs has its connections taken by the operating system until its queue is full, and then keeps whoever connects waiting.
    private static readonly TimeSpan ConnectTimeLimit = TimeSpan.FromSeconds(1);

    private volatile IPEndPoint[] _endpoints = [];
    private uint _turn;

    public void Use(IEnumerable<IPEndPoint> endpoints) => _endpoints = [.. endpoints];

    /// <summary>Connects to the endpoint whose turn it is or, when that is gone, to the next.</summary>
    /// <returns>The connection, or null when there is no endpoint to connect to.</returns>
    public async Task<Socket?> ConnectAsync()
    {
        var endpoints = _endpoints;
        var first = Interlocked.Increment(ref _turn);
        for (var i = 0u; i < endpoints.Length; i++)
        {
            var endpoint = endpoints[(first + i) % endpoints.Length];
            var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var limit = new CancellationTokenSource(ConnectTimeLimit);
            try
            {
                await socket.ConnectAsync(endpoint, limit.Token);
                return socket;
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                socket.Dispose();
            }
        }

        return null;
    }
}
