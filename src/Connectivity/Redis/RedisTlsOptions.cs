using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>Certificates for the connection to Redis, in PEM files that are re-read when they change. The connection string enables TLS itself.</summary>
public sealed class RedisTlsOptions
{
    /// <summary>Authorities to trust for Redis, in addition to the system's. Default: null, the system's only.</summary>
    public string? AuthorityPath { get; set; }

    /// <summary>The client certificate. Default: null, none.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>The certificate's unencrypted key. Required with <see cref="CertificatePath"/>.</summary>
    public string? KeyPath { get; set; }

    internal bool IsSet => !string.IsNullOrEmpty(AuthorityPath) || !string.IsNullOrEmpty(CertificatePath) || !string.IsNullOrEmpty(KeyPath);

    internal CertificatePaths Paths => new($"{RedisOptions.SectionName}:Tls", CertificatePath, KeyPath, AuthorityPath);
}
