using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>
/// Options for mutual TLS between silos, and between frontends and silos. Bound from the section <c>SessionCluster:Tls</c> in both. The files are re-read when they
/// change; renewing them needs no restart. Default: no files, so connections are neither encrypted nor authenticated.
/// </summary>
public sealed class ClusterTlsOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "SessionCluster:Tls";

    /// <summary>PEM file with this process' certificate, followed by those of intermediate authorities.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>PEM file with the certificate's unencrypted key.</summary>
    public string? KeyPath { get; set; }

    /// <summary>
    /// PEM file with the authorities to trust for peers: the cluster's own authority, or the old and the new one while it is being replaced. The system's authorities
    /// are not trusted.
    /// </summary>
    public string? AuthorityPath { get; set; }

    /// <summary>
    /// The DNS name that every silo's certificate, and no other, has as a subject alternative name. Default: <c>orleans-sessions-silo</c>.
    /// </summary>
    public string SiloName { get; set; } = "orleans-sessions-silo";

    /// <summary>Whether this process is a silo, whose own certificate must have the name.</summary>
    internal bool IsSilo { get; set; }

    /// <summary>Time limit of a handshake. Default: 10 s.</summary>
    internal TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal bool IsEnabled => !string.IsNullOrEmpty(CertificatePath) || !string.IsNullOrEmpty(KeyPath) || !string.IsNullOrEmpty(AuthorityPath);

    internal CertificatePaths Paths => new(SectionName, CertificatePath, KeyPath, AuthorityPath)
    {
        MustBeIssuedByAuthority = true,
        RequiredName = IsSilo ? SiloName : null,
    };
}
