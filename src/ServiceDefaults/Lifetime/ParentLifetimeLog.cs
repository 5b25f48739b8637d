using Microsoft.Extensions.Logging;

namespace OrleansSessions.ServiceDefaults.Lifetime;

internal static partial class ParentLifetimeLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Standard input has ended: the parent process is gone or asks for a stop. Stopping.")]
    public static partial void ParentGone(ILogger logger);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Standard input cannot be read; this counts as the end of the parent process.")]
    public static partial void ParentUnreadable(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "The stop has taken longer than {Limit}. Exiting without waiting for the rest.")]
    public static partial void StopTooSlow(ILogger logger, TimeSpan limit);
}
