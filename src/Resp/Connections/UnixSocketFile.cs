using System.Net.Sockets;

namespace OrleansSessions.Resp.Connections;

/// <summary>File of a Unix socket. Closing the socket removes it.</summary>
internal sealed class UnixSocketFile(string path, UnixFileMode mode)
{
    /// <summary>The system's error for opening a socket as a file: ENXIO.</summary>
    private const int NoSuchDevice = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public string Path => path;

    /// <summary>Removes the socket of a process that was killed.</summary>
    /// <exception cref="IOException">The path is another file, or a process listens there.</exception>
    public async Task RemoveLeftOverAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return;
        }

        if (!IsSocket())
        {
            throw new IOException($"Resp:UnixSocket is '{path}', which is a file and not a socket. Remove it, or choose another path.");
        }

        if (await IsInUseAsync(cancellationToken))
        {
            throw new IOException($"Resp:UnixSocket is '{path}', where another process listens. Stop it, or choose another path.");
        }

        File.Delete(path);
    }

    /// <summary>Sets the permissions of the new socket. Until then they follow from the process' umask.</summary>
    public void SetMode()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    /// <summary>Only a socket can't be opened at all. Opened for writing too, a named pipe does not wait for its other end.</summary>
    private bool IsSocket()
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return false;
        }
        catch (IOException exception)
        {
            return exception.HResult == NoSuchDevice;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether a process listens. One that does not accept in time counts as well.</summary>
    private async Task<bool> IsInUseAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token);
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return true;
        }
    }
}
