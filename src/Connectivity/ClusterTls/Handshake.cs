using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;
using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>
/// One TLS handshake: mutual, with the current certificates, and without resumption, so that tickets do not outlive replaced certificates.
/// </summary>
internal sealed class Handshake
{
    private readonly ClusterCertificates _certificates;

    /// <param name="certificates">The certificates of this process.</param>
    /// <param name="requiredName">The DNS name that the peer's certificate must have. Null: any.</param>
    public Handshake(ClusterCertificates certificates, string? requiredName)
    {
        _certificates = certificates;
        Peer = new PeerCheck(requiredName);
        Options = new TlsOptions
        {
            // The package's own check does not know our authorities and reports no reason. This disables it; Configure requires and checks a certificate.
            RemoteCertificateMode = RemoteCertificateMode.NoCertificate,
            ClientCertificateMode = RemoteCertificateMode.NoCertificate,
            LocalServerCertificateSelector = (_, _) => certificates.Current.Own!.TargetCertificate,
            OnAuthenticateAsServer = (_, options) => Configure(options),
            OnAuthenticateAsClient = (_, options) => Configure(options),
            HandshakeTimeout = certificates.HandshakeTimeout,
        };
    }

    public TlsOptions Options { get; }

    public PeerCheck Peer { get; }

    public HandshakeLog Log { get; } = new();

    /// <summary>Returns why the handshake failed, as a value of <see cref="Refusal"/>.</summary>
    public string Reason(Exception failure) => Peer.Refused ?? failure switch
    {
        // If the token is not cancelled, the connection's owner cancelled the read.
        OperationCanceledException { CancellationToken.IsCancellationRequested: true } => Refusal.Timeout,
        AuthenticationException => Refusal.Protocol,
        _ => Refusal.Closed,
    };

    private void Configure(TlsServerAuthenticationOptions options)
    {
        // A context includes the intermediate authorities; a selector's certificate does not.
        options.ServerCertificateSelectionCallback = null;
        CertificateSet certificates = _certificates.Current;
        var tls = (SslServerAuthenticationOptions)options.SslServerAuthenticationOptions;
        tls.ServerCertificateContext = certificates.Own;
        tls.ClientCertificateRequired = true;
        tls.CertificateChainPolicy = certificates.CreateChainPolicy();
        tls.RemoteCertificateValidationCallback = Peer.Accepts;
        tls.AllowTlsResume = false;
        tls.AllowRenegotiation = false;
    }

    private void Configure(TlsClientAuthenticationOptions options)
    {
        CertificateSet certificates = _certificates.Current;
        var tls = (SslClientAuthenticationOptions)options.SslClientAuthenticationOptions;
        tls.TargetHost = _certificates.SiloName;
        tls.ClientCertificateContext = certificates.Own;
        tls.CertificateChainPolicy = certificates.CreateChainPolicy();
        tls.RemoteCertificateValidationCallback = Peer.Accepts;
        tls.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        tls.AllowTlsResume = false;
        tls.AllowRenegotiation = false;
    }
}
