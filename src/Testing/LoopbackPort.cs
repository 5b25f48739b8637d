using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansSessions.Testing;

/// <summary>Free loopback ports, each handed out once among all processes of this machine: a server listens some time after its port was picked.</summary>
internal static class LoopbackPort
{
    // Below the operating systems' ranges for outgoing connections, so that a port is still free when its server restarts.
    private const int First = 10_000;
    private const int Last = 15_000;

    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"orleans-sessions-ports-{Environment.UserName}");
    private static readonly ConcurrentBag<IDisposable> Reservations = [];

    /// <summary>Picks a port that stays reserved for the life of this process.</summary>
    public static int Next()
    {
        while (true)
        {
            int port = Random.Shared.Next(First, Last);
            if (TryReserve(port) is { } reservation)
            {
                Reservations.Add(reservation);
                return port;
            }
        }
    }

    /// <summary>Reserves a port until the reservation is disposed of. Null if the port is in use or reserved.</summary>
    public static IDisposable? TryReserve(int port)
    {
        FileStream reservation;
        try
        {
            // The operating system ends the lock with the process.
            Directory.CreateDirectory(Folder);
            string file = Path.Combine(Folder, port.ToString(CultureInfo.InvariantCulture));
            reservation = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (IsFree(port))
        {
            return reservation;
        }

        reservation.Dispose();
        return null;
    }

    public static bool IsFree(int port)
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
