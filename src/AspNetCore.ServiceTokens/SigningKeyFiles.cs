using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.Files;

namespace OrleansSessions.AspNetCore.ServiceTokens;

/// <summary>Signing keys from a directory that may change at any time. A directory that is not valid as a whole is ignored: the previous keys stay in use.</summary>
internal sealed partial class SigningKeyFiles : IDisposable
{
    private readonly string _directory;
    private readonly ILogger _logger;
    private readonly FileWatch<SigningKeyRing> _files;

    /// <exception cref="InvalidOperationException">The files are invalid; the message names option and file.</exception>
    public SigningKeyFiles(IOptions<ServiceTokenOptions> options, TimeProvider time, ILogger<SigningKeyFiles> logger)
    {
        (_directory, _logger) = (options.Value.KeyDirectory!, logger);
        _files = new FileWatch<SigningKeyRing>(Read, LogInUse, reason => LogUnusable(_logger, reason), time);
        LogInUse(Current);
    }

    public SigningKeyRing Current => _files.Current;

    public void Dispose() => _files.Dispose();

    private FileReading<SigningKeyRing> Read(List<string> errors)
    {
        var content = KeyDirectoryContent.Read(ServiceTokenOptions.KeyDirectoryName, _directory, errors);
        return new FileReading<SigningKeyRing>(content.Hash, () => SigningKeyRing.Parse(content, errors));
    }

    private void LogInUse(SigningKeyRing ring)
    {
        if (_logger.IsEnabled(LogLevel.Information))
        {
            LogInUse(_logger, string.Join(", ", ring.Ids), ring.Active.Kid);
        }
    }

    [LoggerMessage(600, LogLevel.Information, "Tokens for services are valid under the keys [{Keys}]; active key: {Active}.")]
    private static partial void LogInUse(ILogger logger, string keys, string active);

    [LoggerMessage(601, LogLevel.Warning, "The changed keys of tokens for services can't be used; the previous ones stay in use. {Reason}")]
    private static partial void LogUnusable(ILogger logger, string reason);
}
