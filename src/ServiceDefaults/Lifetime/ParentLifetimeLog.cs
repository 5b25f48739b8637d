using Microsoft.Extensions.Logging;

namespace OrleansSessions.ServiceDefaults.Lifetime;

internal static partial class ParentLifetimeLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Standard input was closed: the parent process has ended or requests a stop. Stopping.")]
    public static partial void ParentGone(ILogger logger);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Standard input cannot be read. Stopping, as if the parent process had ended.")]
    public static partial void ParentUnreadable(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "The graceful stop took longer than {Limit}. Exiting now.")]
    public static partial void StopTooSlow(ILogger logger, TimeSpan limit);
}
