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
    private const int MaxReservations = 1_000;

    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"orleans-sessions-ports-{Environment.UserName}");
    private static readonly ConcurrentQueue<IDisposable> Reservations = [];

    static LoopbackPort() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => EndReservations();

    /// <summary>Picks a port. It stays reserved until a thousand others were picked: its server has started by then, or ended.</summary>
    /// <exception cref="IOException">No port is free, or none can be reserved.</exception>
    public static int Next()
    {
        for (int attempt = 0; attempt < Last - First; attempt++)
        {
            int port = Random.Shared.Next(First, Last);
            if (TryReserve(port) is { } reservation)
            {
                Reservations.Enqueue(reservation);
                if (Reservations.Count > MaxReservations && Reservations.TryDequeue(out IDisposable? oldest))
                {
                    oldest.Dispose();
                }

                return port;
            }
        }

        throw new IOException($"No port between {First} and {Last} is free, or no file can be made in {Folder}.");
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

    /// <summary>The locks end with the process in any case; this also deletes their files.</summary>
    private static void EndReservations()
    {
        while (Reservations.TryDequeue(out IDisposable? reservation))
        {
            reservation.Dispose();
        }
    }
}
