using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>Certificates of the connection to Redis, in PEM files that are read again when they change. TLS itself is asked for in the connection string.</summary>
public sealed class RedisTlsOptions
{
    /// <summary>The certificates of authorities that Redis is trusted for, beside those of the system. Null, the default: the system's only.</summary>
    public string? AuthorityPath { get; set; }

    /// <summary>The certificate to show to Redis. Null, the default: none.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>The certificate's key, not encrypted. Required with <see cref="CertificatePath"/>.</summary>
    public string? KeyPath { get; set; }

    internal bool IsSet => !string.IsNullOrEmpty(AuthorityPath) || !string.IsNullOrEmpty(CertificatePath) || !string.IsNullOrEmpty(KeyPath);

    internal CertificatePaths Paths => new($"{RedisOptions.SectionName}:Tls", CertificatePath, KeyPath, AuthorityPath);
}
