using System.Net;

namespace OrleansSessions.Resp.Tests.Cluster;

/// <summary>Numbered connections to several servers, opened on first use.</summary>
internal sealed class SocketSet(IReadOnlyList<IPEndPoint> servers) : IDisposable
{
    private readonly Dictionary<int, RespSocket> _sockets = [];

    public async Task<RespAnswer> AskAsync(int connection, params IReadOnlyList<string> command)
    {
        if (!_sockets.TryGetValue(connection, out RespSocket? socket))
        {
            socket = _sockets[connection] = await RespSocket.ConnectAsync(servers[connection % servers.Count]);
        }

        return await socket.AskAsync(command);
    }

    public void Dispose()
    {
        foreach (RespSocket socket in _sockets.Values)
        {
            socket.Dispose();
        }
    }
}
