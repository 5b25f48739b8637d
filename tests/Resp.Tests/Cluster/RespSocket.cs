using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansSessions.Resp.Tests.Cluster;

/// <summary>Connection that sends commands as arrays of arbitrary bytes and reads replies as nested lists of text, one character per byte.</summary>
internal sealed class RespSocket : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private BufferedStream? _stream;

    public static async Task<RespSocket> ConnectAsync(IPEndPoint address)
    {
        var socket = new RespSocket();
        await socket._tcp.ConnectAsync(address, TestContext.Current.CancellationToken);
        socket._stream = new BufferedStream(socket._tcp.GetStream(), 16 * 1024);
        return socket;
    }

    /// <summary>Sends a command, written with one character per byte, and reads its reply.</summary>
    public async Task<RespAnswer> AskAsync(params IReadOnlyList<string> command)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"*{command.Count}\r\n");
        foreach (string part in command)
        {
            text.Append(CultureInfo.InvariantCulture, $"${part.Length}\r\n{part}\r\n");
        }

        await _stream!.WriteAsync(Encoding.Latin1.GetBytes(text.ToString()), TestContext.Current.CancellationToken);
        await _stream.FlushAsync(TestContext.Current.CancellationToken);
        return await ReadAsync();
    }

    public void Dispose() => _tcp.Dispose();

    private async Task<RespAnswer> ReadAsync()
    {
        string line = await ReadLineAsync();
        if (line[0] is not ('$' or '*') || line[1] == '-')
        {
            return new RespAnswer(line, null);
        }

        int count = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
        if (line[0] == '$')
        {
            byte[] value = new byte[count + 2];
            await _stream!.ReadExactlyAsync(value, TestContext.Current.CancellationToken);
            return new RespAnswer("$" + Encoding.Latin1.GetString(value, 0, count), null);
        }

        var items = new RespAnswer[count];
        for (int i = 0; i < count; i++)
        {
            items[i] = await ReadAsync();
        }

        return new RespAnswer("*", items);
    }

    private async Task<string> ReadLineAsync()
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        do
        {
            await _stream!.ReadExactlyAsync(one, TestContext.Current.CancellationToken);
            line.Append((char)one[0]);
        }
        while (line[^1] != '\n');
        return line.ToString(0, line.Length - 2);
    }
}
