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
        if (Pick(First, Last) is not ({ } port, { } reservation))
        {
            throw new IOException($"No port between {First} and {Last} is free, or no file can be made in {Folder}.");
        }

        Reservations.Enqueue(reservation);
        if (Reservations.Count > MaxReservations && Reservations.TryDequeue(out IDisposable? oldest))
        {
            oldest.Dispose();
        }

        return port;
    }

    /// <summary>Picks a port of a range, which stays reserved until the reservation is disposed of. Null if none is found.</summary>
    public static (int Port, IDisposable Reservation)? Pick(int first, int last)
    {
        for (int attempt = 0; attempt < last - first; attempt++)
        {
            int port = Random.Shared.Next(first, last);
            if (TryReserve(port) is { } reservation)
            {
                return (port, reservation);
            }
        }

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

    // The operating system ends the lock with the process.
    private static FileStream? TryReserve(int port)
    {
        FileStream reservation;
        try
        {
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

    /// <summary>The locks end with the process in any case; this also deletes their files.</summary>
    private static void EndReservations()
    {
        while (Reservations.TryDequeue(out IDisposable? reservation))
        {
            reservation.Dispose();
        }
    }
}
