using Microsoft.Extensions.Logging;

namespace OrleansSessions.Connectivity.Certificates;

/// <summary>
/// Certificates from PEM files that may be exchanged at any time. They are looked at by their content: where they are links to a folder that is exchanged, as in
/// Kubernetes, no date of theirs tells of a change. What can't be used as a whole is not used at all: the certificates from before stay.
/// </summary>
public sealed partial class CertificateFiles : IDisposable
{
    /// <summary>How often the files are looked at.</summary>
    public static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(2);

    /// <summary>One file may have been exchanged and the other not yet, so what is wrong only once is worth no warning.</summary>
    private const int FailuresBeforeWarning = 2;

    private readonly CertificatePaths _paths;
    private readonly ILogger _logger;
    private readonly Lock _reading = new();
    private readonly ITimer _timer;
    private string _hash;
    private int _failures;
    private volatile CertificateSet _current;

    /// <summary>Reads the files.</summary>
    /// <exception cref="InvalidOperationException">They can't be used; the message names option and path.</exception>
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

    /// <summary>The certificates for a connection that is made now.</summary>
    public CertificateSet Current => _current;

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private void ReadAgain()
    {
        // A slow disk must not make the timer's calls pile up.
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

    [LoggerMessage(501, LogLevel.Warning, "The certificates of {Section} have changed and can't be used; those from before stay in use. {Reason}")]
    private static partial void LogUnusable(ILogger logger, string section, string reason);
}
