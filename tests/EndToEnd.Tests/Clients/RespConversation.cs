using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Clients;

/// <summary>Raw connection that sends commands and returns replies unchanged.</summary>
internal sealed class RespConversation : IDisposable
{
    private readonly TcpClient _tcp;
    private readonly Stream _stream;

    private RespConversation(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = new BufferedStream(tcp.GetStream());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RespConversation> StartAsync(string address)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPEndPoint.Parse(address), Cancellation);
        return new RespConversation(tcp);
    }

    /// <summary>Sends an inline command and returns the bytes of its reply, one character per byte.</summary>
    public async Task<string> AskAsync(string command)
    {
        await SendAsync(command);
        StringBuilder reply = new();
        await ReadReplyAsync(reply);
        return reply.ToString();
    }

    /// <summary>Sends an inline command without reading its reply.</summary>
    public async Task SendAsync(string command)
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(command + "\r\n"), Cancellation);
        await _stream.FlushAsync(Cancellation);
    }

    public void Dispose() => _tcp.Dispose();

    private async Task ReadReplyAsync(StringBuilder reply)
    {
        int start = reply.Length;
        while (reply.Length < start + 2 || reply[^1] != '\n')
        {
            await ReadAsync(reply, 1);
        }

        string line = reply.ToString(start, reply.Length - start);
        if (line[0] is not ('$' or '=' or '*' or '>' or '~' or '%') || line[1] == '-')
        {
            return;
        }

        int count = int.Parse(line.AsSpan(1).Trim());
        if (line[0] is '$' or '=')
        {
            await ReadAsync(reply, count + 2);
            return;
        }

        for (int i = line[0] == '%' ? 2 * count : count; i > 0; i--)
        {
            await ReadReplyAsync(reply);
        }
    }

    private async Task ReadAsync(StringBuilder reply, int count)
    {
        byte[] bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, Cancellation);
        reply.Append(Encoding.Latin1.GetString(bytes));
    }
}
