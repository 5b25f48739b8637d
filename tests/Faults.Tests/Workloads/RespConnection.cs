using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>Connection to one silo's Redis-protocol endpoint. It stays open and reconnects after a failure. One command at a time.</summary>
internal sealed class RespConnection(IPEndPoint address, RequestLog log) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private TcpClient? _tcp;
    private BufferedStream _stream = new(Stream.Null);

    /// <summary>Sends a command.</summary>
    /// <returns>The reply as text: a simple string or integer unchanged, an error with its minus sign, nil as null.</returns>
    /// <exception cref="IOException">There was no reply; the command may still be executed.</exception>
    public async Task<string?> AskAsync(params IReadOnlyList<string> command)
    {
        log.AddCommand();
        using var limit = new CancellationTokenSource(Timeout);
        try
        {
            if (_tcp is null)
            {
                _tcp = new TcpClient { NoDelay = true };
                await _tcp.ConnectAsync(address, limit.Token);
                _stream = new BufferedStream(_tcp.GetStream());
            }

            StringBuilder text = new(string.Create(CultureInfo.InvariantCulture, $"*{command.Count}\r\n"));
            foreach (string part in command)
            {
                text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
            }

            await _stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), limit.Token);
            await _stream.FlushAsync(limit.Token);
            return await ReadReplyAsync(limit.Token);
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
        {
            Dispose();
            throw new IOException(failure.GetType().Name, failure);
        }
    }

    public void Dispose()
    {
        _tcp?.Dispose();
        _tcp = null;
    }

    private async Task<string?> ReadReplyAsync(CancellationToken cancellation)
    {
        string line = await ReadLineAsync(cancellation);
        if (line[0] is '+' or ':')
        {
            return line[1..];
        }

        if (line[0] != '$')
        {
            return line;
        }

        int length = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
        if (length < 0)
        {
            return null;
        }

        byte[] bytes = new byte[length + 2];
        await _stream.ReadExactlyAsync(bytes, cancellation);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (true)
        {
            await _stream.ReadExactlyAsync(one, cancellation);
            if (one[0] == '\n')
            {
                return line.ToString();
            }

            if (one[0] != '\r')
            {
                line.Append((char)one[0]);
            }
        }
    }
}
