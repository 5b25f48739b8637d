using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>The end that is connected to: the peer must show a certificate of the cluster's authority; on the silo port, one of a silo.</summary>
internal sealed class TlsServerMiddleware(ConnectionDelegate next, ClusterCertificates tls, ClusterPort port) : TlsConnectionMiddleware(next, tls, port)
{
    protected override PeerCheck CreateCheck() => new(Port == ClusterPort.Silo ? Tls.SiloName : null);

    protected override Task AuthenticateAsync(SslStream stream, PeerCheck check, CancellationToken cancellationToken)
    {
        CertificateSet certificates = Tls.Certificates;
        return stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificates.Own,
                ClientCertificateRequired = true,
                CertificateChainPolicy = certificates.CreateChainPolicy(),
                RemoteCertificateValidationCallback = check.Accepts,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,

                // Every connection proves itself anew: certificates that have been replaced don't live on in tickets.
                AllowTlsResume = false,
                AllowRenegotiation = false,
            },
            cancellationToken);
    }

    protected override void OnRefused(ConnectionContext context, string reason, string? detail, Exception exception) =>
        Tls.Refusals.ReportInbound(Port, reason, context.RemoteEndPoint, detail);
}
