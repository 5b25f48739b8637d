using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Tells the operator of commits that are refused because a session would become too large: some clients do not show the error to anyone.</summary>
internal sealed partial class LimitLog(IOptions<SessionClusterOptions> options, ILogger<LimitLog> logger)
{
    private readonly LogPace _pace = new(options.Value.TimeProvider);

    /// <summary>A commit was refused.</summary>
    public void Refused(string key, LimitViolation violation)
    {
        if (_pace.TryTake(out long heldBack))
        {
            LogRefused(logger, new SessionKey(key).Short, violation, heldBack);
        }
    }

    [LoggerMessage(240, LogLevel.Warning, "A change of the session {Session} was refused. {Violation} Not logged before this one: {HeldBack}.")]
    private static partial void LogRefused(ILogger logger, string session, LimitViolation violation, long heldBack);
}
