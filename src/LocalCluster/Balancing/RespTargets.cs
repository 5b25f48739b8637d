using System.Net;
using System.Net.Sockets;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>Round-robin set of endpoints for forwarded connections.</summary>
internal sealed class RespTargets
{
    // The operating system accepts connections for a hung process until its queue is full; further clients would then wait.
    private static readonly TimeSpan ConnectTimeLimit = TimeSpan.FromSeconds(1);

    private volatile IPEndPoint[] _endpoints = [];
    private uint _turn;

    public void Use(IEnumerable<IPEndPoint> endpoints) => _endpoints = [.. endpoints];

    /// <summary>Connects to the next endpoint in turn, or to the one after it if that is gone.</summary>
    /// <returns>The connection, or null if no endpoint is available.</returns>
    public async Task<Socket?> ConnectAsync()
    {
        IPEndPoint[] endpoints = _endpoints;
        uint first = Interlocked.Increment(ref _turn);
        for (uint i = 0; i < endpoints.Length; i++)
        {
            IPEndPoint endpoint = endpoints[(first + i) % endpoints.Length];
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
