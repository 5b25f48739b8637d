using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>
/// Mutual TLS on all connections between silos, and between frontends and silos. Bound from the section <c>SessionCluster:Tls</c>, the same for both. The files
/// are read again when they change; no restart is needed to renew them. Without any, the default, connections are neither encrypted nor authenticated.
/// </summary>
public sealed class ClusterTlsOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "SessionCluster:Tls";

    /// <summary>A PEM file with the certificate of this process, followed by those of intermediate authorities.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>A PEM file with the certificate's key, not encrypted.</summary>
    public string? KeyPath { get; set; }

    /// <summary>
    /// A PEM file with the certificates of the authorities whose certificates peers are accepted with: the cluster's own authority, and while it is replaced
    /// the old and the new one. Those of the system do not count.
    /// </summary>
    public string? AuthorityPath { get; set; }

    /// <summary>
    /// The DNS name that every silo's certificate carries as a subject alternative name, and that of nobody else. Default: <c>orleans-sessions-silo</c>.
    /// </summary>
    public string SiloName { get; set; } = "orleans-sessions-silo";

    /// <summary>Whether this process is a silo, so that its own certificate must carry the name.</summary>
    internal bool IsSilo { get; set; }

    /// <summary>How long a handshake may take. Default: 10 s.</summary>
    internal TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal bool IsEnabled => !string.IsNullOrEmpty(CertificatePath) || !string.IsNullOrEmpty(KeyPath) || !string.IsNullOrEmpty(AuthorityPath);

    internal CertificatePaths Paths => new(SectionName, CertificatePath, KeyPath, AuthorityPath)
    {
        MustBeIssuedByAuthority = true,
        RequiredName = IsSilo ? SiloName : null,
    };
}
