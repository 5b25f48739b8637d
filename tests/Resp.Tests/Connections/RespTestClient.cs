using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using OrleansSessions.Resp.Tests.Protocol;

namespace OrleansSessions.Resp.Tests.Connections;

/// <summary>Client that sends arbitrary bytes and reads replies byte for byte.</summary>
internal sealed class RespTestClient : IDisposable
{
    private readonly Socket _socket;
    private Stream _stream;

    private RespTestClient(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<RespTestClient> ConnectAsync(IPEndPoint address) =>
        ConnectAsync(new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, address);

    /// <summary>Connects to a Unix socket.</summary>
    public static Task<RespTestClient> ConnectAsync(string path) =>
        ConnectAsync(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path));

    /// <summary>Switches to TLS. Returns the thumbprint of the server's certificate.</summary>
    public async Task<string> StartTlsAsync()
    {
        string thumbprint = "";
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    thumbprint = certificate!.GetCertHashString();
                    return true;
                },
            },
            Cancellation);
        _stream = tls;
        return thumbprint;
    }

    public Task SendAsync(string text) => SendAsync(Frames.Bytes(text));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes, Cancellation);

    /// <summary>Sends an inline command and reads its reply: one line, or a bulk string.</summary>
    public async Task<string> AskAsync(string command)
    {
        await SendAsync(command + "\r\n");
        return await ReadReplyAsync();
    }

    /// <summary>Reads a line, and the string that it announces, if any.</summary>
    public async Task<string> ReadReplyAsync()
    {
        string line = await ReadLineAsync();
        return line is ['$', not '-', ..] ? line + await ReadAsync(int.Parse(line[1..].AsSpan().Trim()) + 2) : line;
    }

    public async Task<string> ReadAsync(int bytes)
    {
        byte[] read = new byte[bytes];
        await _stream.ReadExactlyAsync(read, Cancellation);
        return Frames.Text(read);
    }

    /// <summary>Reads until the server closes or resets the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(buffer, Cancellation) is > 0 and int count)
            {
                text.Append(Frames.Text(buffer.AsMemory(0, count)));
            }
        }
        catch (IOException)
        {
            // Data in flight is lost.
        }

        return text.ToString();
    }

    /// <summary>Closes the sending direction.</summary>
    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();

    private static async Task<RespTestClient> ConnectAsync(Socket socket, EndPoint address)
    {
        await socket.ConnectAsync(address, Cancellation);
        return new RespTestClient(socket);
    }

    private async Task<string> ReadLineAsync()
    {
        StringBuilder line = new();
        do
        {
            line.Append(await ReadAsync(1));
        }
        while (line[^1] != '\n');
        return line.ToString();
    }
}
