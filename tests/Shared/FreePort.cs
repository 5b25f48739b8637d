using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansSessions.Tests.Shared;

/// <summary>Free loopback ports, each handed out once.</summary>
internal static class FreePort
{
    private static readonly ConcurrentDictionary<int, bool> Taken = new();

    public static int Next()
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            if (Taken.TryAdd(port, true))
            {
                return port;
            }
        }
    }
}
