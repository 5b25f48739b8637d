using Microsoft.Extensions.Logging;
using OrleansSessions.Connectivity.Files;

namespace OrleansSessions.Connectivity.Certificates;

/// <summary>Certificates from PEM files that may be replaced at any time. A set of files that is not valid as a whole is ignored: the previous certificates stay in use.</summary>
public sealed partial class CertificateFiles : IDisposable
{
    /// <summary>How often the files are checked.</summary>
    public static readonly TimeSpan ReadInterval = FileWatch<CertificateSet>.ReadInterval;

    private readonly CertificatePaths _paths;
    private readonly ILogger _logger;
    private readonly FileWatch<CertificateSet> _files;

    /// <summary>Reads the files.</summary>
    /// <exception cref="InvalidOperationException">The files are invalid; the message names option and path.</exception>
    public CertificateFiles(CertificatePaths paths, TimeProvider time, ILogger<CertificateFiles> logger)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(time);
        (_paths, _logger) = (paths, logger);
        _files = new FileWatch<CertificateSet>(Read, LogChanged, reason => LogUnusable(_logger, _paths.Section, reason), time);
    }

    /// <summary>The certificates for new connections.</summary>
    public CertificateSet Current => _files.Current;

    /// <inheritdoc />
    public void Dispose() => _files.Dispose();

    private FileReading<CertificateSet> Read(List<string> errors)
    {
        var text = CertificateText.Read(_paths, errors);
        return new FileReading<CertificateSet>(text.Hash, () => CertificateReader.Parse(_paths, text, errors));
    }

    private void LogChanged(CertificateSet read) =>
        LogChanged(_logger, _paths.Section, read.Own?.TargetCertificate.SerialNumber, read.Own?.TargetCertificate.NotAfter);

    [LoggerMessage(500, LogLevel.Information, "The certificates of {Section} have changed; new connections use them. Serial number {Serial}, valid to {NotAfter:u}.")]
    private static partial void LogChanged(ILogger logger, string section, string? serial, DateTime? notAfter);

    [LoggerMessage(501, LogLevel.Warning, "The changed certificates of {Section} can't be used; the previous ones stay in use. {Reason}")]
    private static partial void LogUnusable(ILogger logger, string section, string reason);
}
