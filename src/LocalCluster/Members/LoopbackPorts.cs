using System.Net;
using System.Net.Sockets;
using OrleansSessions.LocalCluster.Failures;

namespace OrleansSessions.LocalCluster.Members;

/// <summary>Picks free ports on the loopback interface, each once.</summary>
internal sealed class LoopbackPorts
{
    // Below the operating systems' ranges for outgoing connections, so that a picked port is still free when its member restarts.
    private const int First = 15000;
    private const int Last = 32000;

    private readonly HashSet<int> _picked = [];

    /// <exception cref="ClusterStartException">No port is free.</exception>
    public int Next()
    {
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            int port = Random.Shared.Next(First, Last);
            if (!_picked.Contains(port) && IsFree(port))
            {
                _picked.Add(port);
                return port;
            }
        }

        throw new ClusterStartException($"no free port was found between {First} and {Last}.");
    }

    /// <summary>Returns a port that the user has chosen.</summary>
    /// <exception cref="ClusterStartException">The port is not free.</exception>
    public int Take(int port, string option)
    {
        _picked.Add(port);
        return IsFree(port) ? port : throw ClusterStartException.PortInUse(port, option);
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
