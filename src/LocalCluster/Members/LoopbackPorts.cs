using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansSessions.LocalCluster.Failures;

namespace OrleansSessions.LocalCluster.Members;

/// <summary>Picks free ports on the loopback interface, each once among all launchers of this machine: members listen seconds after their ports were picked.</summary>
internal sealed class LoopbackPorts : IDisposable
{
    // Below the operating systems' ranges for outgoing connections, so that a picked port is still free when its member restarts, and below the ports of Orleans' test clusters.
    private const int First = 15000;
    private const int Last = 22000;

    private readonly Dictionary<int, FileStream> _picked = [];

    /// <exception cref="ClusterStartException">No port is free.</exception>
    public int Next()
    {
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            int port = Random.Shared.Next(First, Last);
            if (!_picked.ContainsKey(port) && TryReserve(port) is { } reservation)
            {
                if (IsFree(port))
                {
                    _picked.Add(port, reservation);
                    return port;
                }

                reservation.Dispose();
            }
        }

        throw new ClusterStartException($"no free port was found between {First} and {Last}.");
    }

    /// <summary>Returns a port that the user has chosen.</summary>
    /// <exception cref="ClusterStartException">The port is not free.</exception>
    public static int Take(int port, string option) => IsFree(port) ? port : throw ClusterStartException.PortInUse(port, option);

    /// <summary>Ends the reservations.</summary>
    public void Dispose()
    {
        foreach (FileStream reservation in _picked.Values)
        {
            reservation.Dispose();
        }
    }

    /// <summary>Locks a file that stands for the port. The operating system ends the lock with the process.</summary>
    private static FileStream? TryReserve(int port)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"orleans-sessions-ports-{Environment.UserName}");
        try
        {
            Directory.CreateDirectory(folder);
            string file = Path.Combine(folder, port.ToString(CultureInfo.InvariantCulture));
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
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
