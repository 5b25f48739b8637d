using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Log of commits refused because of a size limit, because some clients do not show the error.</summary>
internal sealed partial class LimitLog(IOptions<SessionClusterOptions> options, ILogger<LimitLog> logger)
{
    private readonly LogPace _pace = new(options.Value.TimeProvider);

    /// <summary>Logs a refused commit.</summary>
    public void Refused(string key, LimitViolation violation)
    {
        if (_pace.TryTake(out long heldBack))
        {
            LogRefused(logger, new SessionKey(key).Short, violation, heldBack);
        }
    }

    [LoggerMessage(240, LogLevel.Warning, "A change of the session {Session} was refused. {Violation} Suppressed since the last message: {HeldBack}.")]
    private static partial void LogRefused(ILogger logger, string session, LimitViolation violation, long heldBack);
}
