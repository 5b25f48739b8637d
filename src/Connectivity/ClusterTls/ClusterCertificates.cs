using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>Certificates for connections within the cluster, if TLS is enabled.</summary>
internal sealed class ClusterCertificates : IDisposable
{
    private readonly CertificateFiles? _files;

    public ClusterCertificates(IOptions<ClusterTlsOptions> options, TimeProvider time, ILogger<CertificateFiles> logger)
    {
        (SiloName, HandshakeTimeout) = (options.Value.SiloName, options.Value.HandshakeTimeout);
        _files = options.Value.IsEnabled ? new CertificateFiles(options.Value.Paths, time, logger) : null;
    }

    public bool IsEnabled => _files is not null;

    public CertificateSet Current => _files?.Current ?? throw new InvalidOperationException("TLS is not configured.");

    /// <summary>The DNS name in every silo's certificate.</summary>
    public string SiloName { get; }

    public TimeSpan HandshakeTimeout { get; }

    public void Dispose() => _files?.Dispose();
}
