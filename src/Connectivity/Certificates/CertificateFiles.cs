using Microsoft.Extensions.Logging;

namespace OrleansSessions.Connectivity.Certificates;

/// <summary>
/// Certificates from PEM files that may be replaced at any time. Changes are detected by content, because links to a replaced folder, as in Kubernetes, have no
/// changed time stamp. A set of files that is not valid as a whole is ignored: the previous certificates stay in use.
/// </summary>
public sealed partial class CertificateFiles : IDisposable
{
    /// <summary>How often the files are checked.</summary>
    public static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(2);

    /// <summary>Failures before a warning: one failure is normal while files are being replaced one by one.</summary>
    private const int FailuresBeforeWarning = 2;

    private readonly CertificatePaths _paths;
    private readonly ILogger _logger;
    private readonly Lock _reading = new();
    private readonly ITimer _timer;
    private string _hash;
    private int _failures;
    private volatile CertificateSet _current;

    /// <summary>Reads the files.</summary>
    /// <exception cref="InvalidOperationException">The files are invalid; the message names option and path.</exception>
    public CertificateFiles(CertificatePaths paths, TimeProvider time, ILogger<CertificateFiles> logger)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(time);
        (_paths, _logger) = (paths, logger);
        List<string> errors = [];
        var text = CertificateText.Read(paths, errors);
        _hash = text.Hash;
        _current = CertificateReader.Parse(paths, text, errors) ?? throw new InvalidOperationException(string.Join(' ', errors));
        _timer = time.CreateTimer(static files => ((CertificateFiles)files!).ReadAgain(), this, ReadInterval, ReadInterval);
    }

    /// <summary>The certificates for new connections.</summary>
    public CertificateSet Current => _current;

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private void ReadAgain()
    {
        // Skip this tick if the previous one still runs on a slow disk.
        if (!_reading.TryEnter())
        {
            return;
        }

        try
        {
            List<string> errors = [];
            var text = CertificateText.Read(_paths, errors);
            if (text.Hash == _hash)
            {
                _failures = 0;
            }
            else if (CertificateReader.Parse(_paths, text, errors) is { } read)
            {
                (_hash, _current, _failures) = (text.Hash, read, 0);
                LogChanged(_logger, _paths.Section, read.Own?.TargetCertificate.SerialNumber, read.Own?.TargetCertificate.NotAfter);
            }
            else if (++_failures == FailuresBeforeWarning)
            {
                LogUnusable(_logger, _paths.Section, string.Join(' ', errors));
            }
        }
        finally
        {
            _reading.Exit();
        }
    }

    [LoggerMessage(500, LogLevel.Information, "The certificates of {Section} have changed; new connections use them. Serial number {Serial}, valid to {NotAfter:u}.")]
    private static partial void LogChanged(ILogger logger, string section, string? serial, DateTime? notAfter);

    [LoggerMessage(501, LogLevel.Warning, "The changed certificates of {Section} can't be used; the previous ones stay in use. {Reason}")]
    private static partial void LogUnusable(ILogger logger, string section, string reason);
}
