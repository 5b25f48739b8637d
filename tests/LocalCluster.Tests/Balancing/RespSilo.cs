using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansSessions.LocalCluster.Tests.Balancing;

/// <summary>Server whose connections a test accepts one by one.</summary>
internal sealed class RespSilo : IDisposable
{
    private readonly TcpListener _listener;

    public RespSilo(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>The next connection.</summary>
    public async Task<NetworkStream> AcceptAsync() =>
        new(await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken), ownsSocket: true);

    /// <summary>Accepts the next connection, sends the name and closes it.</summary>
    public async Task SayAsync(string name)
    {
        await using var connection = await AcceptAsync();
        await connection.WriteAsync(Encoding.ASCII.GetBytes(name), TestContext.Current.CancellationToken);
    }

    public void Dispose() => _listener.Dispose();
}
