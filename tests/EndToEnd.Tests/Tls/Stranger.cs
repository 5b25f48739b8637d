using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Tls;

/// <summary>Untrusted client that can reach a silo's ports.</summary>
internal static class Stranger
{
    /// <summary>Connects, presents a certificate and waits for data.</summary>
    /// <returns>The local port, under which the silo logs the client; the number of bytes received; the serial number of the silo's certificate.</returns>
    public static async Task<(int Port, int Received, string? Serial)> KnockAsync(int port, TestCertificate? shown)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, timeout.Token);
        int own = ((System.Net.IPEndPoint)client.Client.LocalEndPoint!).Port;
        await using var tls = new SslStream(client.GetStream());
        string? serial = null;
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = TlsCluster.SiloName,
                    ClientCertificateContext = shown is null ? null : SslStreamCertificateContext.Create(shown.Load(), null, offline: true),
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    {
                        serial = (certificate as X509Certificate2)?.SerialNumber;
                        return true;
                    },
                },
                timeout.Token);
            return (own, await tls.ReadAsync(new byte[100], timeout.Token), serial);
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            return (own, 0, serial);
        }
    }

    /// <summary>Sends bytes that are not TLS, and waits for the end.</summary>
    public static async Task<int> ShoutAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        int own = ((System.Net.IPEndPoint)client.Client.LocalEndPoint!).Port;
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync("HELO anybody there?\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        byte[] answer = new byte[100];
        try
        {
            while (await stream.ReadAsync(answer, TestContext.Current.CancellationToken) > 0)
            {
                // A TLS alert.
            }
        }
        catch (IOException)
        {
            // The silo closed the connection without reading.
        }

        return own;
    }
}
