using System.Net.Sockets;

namespace OrleansSessions.Resp.Connections;

/// <summary>File of a Unix socket. Closing the socket removes it.</summary>
internal sealed class UnixSocketFile(string path, UnixFileMode mode)
{
    public string Path => path;

    /// <summary>Removes the socket of a process that was killed.</summary>
    /// <exception cref="IOException">The path is another file, or a process listens there.</exception>
    public void RemoveLeftOver()
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused && IsSocket())
        {
            File.Delete(path);
            return;
        }
        catch (SocketException exception)
        {
            throw new IOException($"Resp:UnixSocket is '{path}', which is no socket that this process may replace. Remove the file, or choose another path.", exception);
        }

        throw new IOException($"Resp:UnixSocket is '{path}', where another process listens. Stop it, or choose another path.");
    }

    /// <summary>Sets the permissions of the new socket. Until then only its owner can connect, under the usual umask.</summary>
    public void SetMode() => File.SetUnixFileMode(path, mode);

    /// <summary>Connecting to an ordinary file is refused in the same way, but only a socket can't be opened as a file.</summary>
    private bool IsSocket()
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
