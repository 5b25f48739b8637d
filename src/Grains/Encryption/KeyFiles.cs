using Microsoft.Extensions.Logging;

namespace OrleansSessions.Grains.Encryption;

/// <summary>
/// Key ring from a directory that may change at any time. Changes are detected by content, because links to a replaced folder, as in Kubernetes, have no changed time
/// stamp. A directory that is not valid as a whole is ignored: the previous ring stays in use.
/// </summary>
internal sealed partial class KeyFiles : IDisposable
{
    /// <summary>How often the files are checked.</summary>
    public static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(2);

    /// <summary>Failures before a warning: one failure is normal while files are being replaced one by one.</summary>
    private const int FailuresBeforeWarning = 2;

    private readonly string _directory;
    private readonly ILogger _logger;
    private readonly Lock _reading = new();
    private readonly bool _allowsPlain;
    private readonly ITimer _timer;
    private string _hash;
    private int _failures;
    private volatile KeyRing _current;

    /// <exception cref="InvalidOperationException">The files are invalid; the message names option and file.</exception>
    public KeyFiles(string directory, bool allowsPlain, TimeProvider time, ILogger logger)
    {
        (_directory, _allowsPlain, _logger) = (directory, allowsPlain, logger);
        List<string> errors = [];
        var content = KeyDirectoryContent.Read(directory, errors);
        _hash = content.Hash;
        _current = KeyRing.Parse(content, allowsPlain, errors) ?? throw new InvalidOperationException(string.Join(' ', errors));
        LogInUse(_current);
        _timer = time.CreateTimer(static files => ((KeyFiles)files!).ReadAgain(), this, ReadInterval, ReadInterval);
    }

    public KeyRing Current => _current;

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
            var content = KeyDirectoryContent.Read(_directory, errors);
            if (errors.Count == 0 && content.Hash == _hash)
            {
                _failures = 0;
            }
            else if (KeyRing.Parse(content, _allowsPlain, errors) is { } ring)
            {
                (_hash, _current, _failures) = (content.Hash, ring, 0);
                LogInUse(ring);
            }
            else if (++_failures == FailuresBeforeWarning)
            {
                LogUnusable(_logger, string.Join(' ', errors));
            }
        }
        finally
        {
            _reading.Exit();
        }
    }

    private void LogInUse(KeyRing ring)
    {
        if (_logger.IsEnabled(LogLevel.Information))
        {
            LogInUse(_logger, string.Join(", ", ring.Ids), ring.Active?.Id ?? KeyRing.NoKey);
        }
    }

    [LoggerMessage(280, LogLevel.Information, "Stored sessions can be read under the encryption keys [{Keys}]; active key: {Active}.")]
    private static partial void LogInUse(ILogger logger, string keys, string active);

    [LoggerMessage(281, LogLevel.Warning, "The changed encryption keys can't be used; the previous ones stay in use. {Reason}")]
    private static partial void LogUnusable(ILogger logger, string reason);
}
