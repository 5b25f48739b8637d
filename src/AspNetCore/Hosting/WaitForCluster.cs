using Microsoft.Extensions.Logging;

namespace OrleansSessions.AspNetCore;

/// <summary>Connection retry filter that keeps a starting client trying until it finds a silo.</summary>
internal sealed partial class WaitForCluster(ILogger<WaitForCluster> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private const int AttemptsPerWarning = 10;

    private int _attempts;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (_attempts++ % AttemptsPerWarning == AttemptsPerWarning - 1)
        {
            LogWaiting(logger, exception.Message);
        }

        await Task.Delay(RetryDelay, cancellationToken);
        return true;
    }

    [LoggerMessage(300, LogLevel.Warning, "No silo of the session cluster can be reached yet; retrying. Check that one runs with the same Redis and the same ClusterId. {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
