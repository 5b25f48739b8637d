using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansSessions.Testing;

/// <summary>Free loopback ports, each handed out once in this process.</summary>
internal static class LoopbackPort
{
    private static readonly ConcurrentDictionary<int, bool> Taken = new();

    public static int Next() => Next(static () => 0);

    /// <summary>A port below the system's range for outgoing connections: still free when its owner is started again.</summary>
    public static int NextKept() => Next(static () => Random.Shared.Next(10_000, 15_000));

    private static int Next(Func<int> propose)
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, propose()));
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                continue;
            }

            int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            if (Taken.TryAdd(port, true))
            {
                return port;
            }
        }
    }
}
