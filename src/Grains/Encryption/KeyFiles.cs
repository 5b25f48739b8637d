using Microsoft.Extensions.Logging;
using OrleansSessions.Connectivity.Files;

namespace OrleansSessions.Grains.Encryption;

/// <summary>Key ring from a directory that may change at any time. A directory that is not valid as a whole is ignored: the previous ring stays in use.</summary>
internal sealed partial class KeyFiles : IDisposable
{
    private readonly string _directory;
    private readonly bool _allowsPlain;
    private readonly ILogger _logger;
    private readonly FileWatch<KeyRing> _files;

    /// <exception cref="InvalidOperationException">The files are invalid; the message names option and file.</exception>
    public KeyFiles(string directory, bool allowsPlain, TimeProvider time, ILogger logger)
    {
        (_directory, _allowsPlain, _logger) = (directory, allowsPlain, logger);
        _files = new FileWatch<KeyRing>(Read, LogInUse, reason => LogUnusable(_logger, reason), time);
        LogInUse(Current);
    }

    public KeyRing Current => _files.Current;

    public void Dispose() => _files.Dispose();

    private FileReading<KeyRing> Read(List<string> errors)
    {
        var content = KeyDirectoryContent.Read(SessionEncryptionOptions.KeyDirectoryName, _directory, errors);
        return new FileReading<KeyRing>(content.Hash, () => KeyRing.Parse(content, _allowsPlain, errors));
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
