using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>What the connections of a process need for TLS, if it is on.</summary>
internal sealed class ClusterCertificates : IDisposable
{
    private readonly CertificateFiles? _files;

    public ClusterCertificates(IOptions<ClusterTlsOptions> options, RefusalReporter refusals, TimeProvider time, ILogger<CertificateFiles> logger)
    {
        (SiloName, Refusals, Time) = (options.Value.SiloName, refusals, time);
        _files = options.Value.IsEnabled ? new CertificateFiles(options.Value.Paths, time, logger) : null;
    }

    public bool IsEnabled => _files is not null;

    public CertificateSet Certificates => _files?.Current ?? throw new InvalidOperationException("TLS is not configured.");

    public string SiloName { get; }

    public RefusalReporter Refusals { get; }

    public TimeProvider Time { get; }

    public void Dispose() => _files?.Dispose();
}
