using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>The end that connects: it shows its certificate, and the peer must show one of a silo.</summary>
internal sealed class TlsClientMiddleware(ConnectionDelegate next, ClusterCertificates tls, ClusterPort port) : TlsConnectionMiddleware(next, tls, port)
{
    protected override PeerCheck CreateCheck() => new(Tls.SiloName);

    protected override Task AuthenticateAsync(SslStream stream, PeerCheck check, CancellationToken cancellationToken)
    {
        CertificateSet certificates = Tls.Certificates;
        return stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = Tls.SiloName,
                ClientCertificateContext = certificates.Own,
                CertificateChainPolicy = certificates.CreateChainPolicy(),
                RemoteCertificateValidationCallback = check.Accepts,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                AllowTlsResume = false,
                AllowRenegotiation = false,
            },
            cancellationToken);
    }

    protected override void OnRefused(ConnectionContext context, string reason, string? detail, Exception exception)
    {
        // A silo that is gone in the middle of a handshake is not refused.
        if (reason is not (Refusal.Closed or Refusal.Timeout))
        {
            Tls.Refusals.Count(Port, reason);
        }

        throw new AuthenticationException($"No TLS connection to {context.RemoteEndPoint} ({reason}): {detail}", exception);
    }
}
