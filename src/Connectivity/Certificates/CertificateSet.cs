using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OrleansSessions.Connectivity.Certificates;

/// <summary>The certificates that connections are made with: read together, exchanged together.</summary>
public sealed class CertificateSet
{
    private readonly X509Certificate2Collection _authorities;

    internal CertificateSet(SslStreamCertificateContext? own, X509Certificate2Collection authorities)
    {
        Own = own;
        _authorities = authorities;
    }

    /// <summary>The certificate of this process with its key and its intermediate authorities, or null.</summary>
    public SslStreamCertificateContext? Own { get; }

    /// <summary>A policy for one chain: it must end in one of the configured authorities, and the system's do not count. Revocation lists are not asked.</summary>
    public X509ChainPolicy CreateChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,

            // A peer must not be able to make this process fetch what its certificate names.
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
