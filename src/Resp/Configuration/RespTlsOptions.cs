using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Resp.Configuration;

/// <summary>The certificate of the endpoint. The files are read again when they change; no restart is needed to renew them.</summary>
public sealed class RespTlsOptions
{
    /// <summary>A PEM file with the certificate, followed by those of intermediate authorities. Null, the default: no TLS.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>A PEM file with the certificate's key, not encrypted. Required with <see cref="CertificatePath"/>.</summary>
    public string? KeyPath { get; set; }

    internal bool IsEnabled => CertificatePath is not null || KeyPath is not null;

    internal CertificatePaths Paths => new($"{RespOptions.SectionName}:Tls", CertificatePath, KeyPath, Authority: null);
}
