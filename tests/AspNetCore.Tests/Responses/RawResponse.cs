using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Responses;

/// <summary>Response as sent on the wire.</summary>
/// <param name="Head">Status line and headers, without the date.</param>
/// <param name="Body">The body, without chunk sizes.</param>
internal sealed partial record RawResponse(string Head, string Body)
{
    public static async Task<RawResponse> GetAsync(Uri server, string method, string path, string? cookie)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, cancellation);
        NetworkStream stream = client.GetStream();
        string cookieLine = cookie is null ? "" : $"Cookie: {cookie}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {server.Authority}\r\n{cookieLine}Connection: close\r\n\r\n"), cancellation);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellation);

        string text = Encoding.Latin1.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        string head = Date().Replace(text[..end], "");
        string body = text[(end + 4)..];
        return new RawResponse(head, head.Contains("Transfer-Encoding: chunked", StringComparison.Ordinal) && body.Length > 0 ? Join(body) : body);
    }

    private static string Join(string chunks)
    {
        var body = new StringBuilder();
        int at = 0;
        while (true)
        {
            int line = chunks.IndexOf("\r\n", at, StringComparison.Ordinal);
            int size = int.Parse(chunks.AsSpan(at, line - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return body.ToString();
            }

            body.Append(chunks, line + 2, size);
            at = line + 2 + size + 2;
        }
    }

    [GeneratedRegex("\r\nDate: [^\r]*")]
    private static partial Regex Date();
}
