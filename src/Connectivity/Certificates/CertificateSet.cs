using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OrleansSessions.Connectivity.Certificates;

/// <summary>Certificates for connections, loaded and replaced together.</summary>
public sealed class CertificateSet
{
    private readonly X509Certificate2Collection _authorities;

    internal CertificateSet(SslStreamCertificateContext? own, X509Certificate2Collection authorities)
    {
        Own = own;
        _authorities = authorities;
    }

    /// <summary>This process' certificate with its key and intermediate authorities, or null.</summary>
    public SslStreamCertificateContext? Own { get; }

    /// <summary>Creates a policy for one chain: it must end in a configured authority; the system's are not trusted. Revocation is not checked.</summary>
    public X509ChainPolicy CreateChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,

            // A peer's certificate must not make this process download anything.
            DisableCertificateDownloads = true,
        };
        foreach (X509Certificate2 authority in _authorities)
        {
            bool isRoot = authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData);
            (isRoot ? policy.CustomTrustStore : policy.ExtraStore).Add(authority);
        }

        return policy;
    }
}
