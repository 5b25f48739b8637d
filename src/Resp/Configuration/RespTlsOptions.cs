using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Resp.Configuration;

/// <summary>Certificate options of the endpoint. The files are re-read when they change; renewing them needs no restart.</summary>
public sealed class RespTlsOptions
{
    /// <summary>PEM file with the certificate, followed by those of intermediate authorities. Default: null, no TLS.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>PEM file with the certificate's unencrypted key. Required with <see cref="CertificatePath"/>.</summary>
    public string? KeyPath { get; set; }

    internal bool IsEnabled => CertificatePath is not null || KeyPath is not null;

    internal CertificatePaths Paths => new($"{RespOptions.SectionName}:Tls", CertificatePath, KeyPath, Authority: null);
}
