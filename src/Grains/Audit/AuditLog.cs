using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;

namespace OrleansSessions.Grains.Audit;

/// <summary>Log messages of the audit trail, under a category of their own. Keys are hashes: no message holds a user id or a token.</summary>
internal sealed partial class AuditLog(ILoggerFactory loggers, IOptions<SessionClusterOptions> options)
{
    private readonly ILogger _logger = loggers.CreateLogger(SessionAuditOptions.LogCategory);
    private readonly LogPace _pace = new(options.Value.TimeProvider);

    public void Write(AuditEvent line)
    {
        switch (line.Kind)
        {
            case AuditKind.Created:
                LogCreated(_logger, line.SessionKey, line.Incarnation, line.ImpersonatedBy, line.At);
                break;
            case AuditKind.SignedIn:
                LogSignedIn(_logger, line.SessionKey, line.Incarnation, line.User, line.Detail, line.ImpersonatedBy, line.At);
                break;
            case AuditKind.SteppedUp:
                LogSteppedUp(_logger, line.SessionKey, line.Incarnation, line.User, line.Detail, line.At);
                break;
            case AuditKind.Impersonated:
                LogImpersonated(_logger, line.SessionKey, line.Incarnation, line.User, line.ImpersonatedBy, line.At);
                break;
            case AuditKind.Rotated:
                LogRotated(_logger, line.SessionKey, line.Incarnation, line.User, line.Detail, line.ImpersonatedBy, line.At);
                break;
            case AuditKind.Reused:
                LogReused(_logger, line.SessionKey, line.Incarnation, line.User, line.Detail, line.ImpersonatedBy, line.At);
                break;
            case AuditKind.Ended:
                LogEnded(_logger, line.SessionKey, line.Incarnation, line.User, line.Reason, line.Actor, line.ImpersonatedBy, line.At);
                break;
        }
    }

    /// <summary>Tells that the stream lacks an event for good.</summary>
    public void Lost(AuditEvent line)
    {
        if (_pace.TryTake(out long heldBack))
        {
            LogLost(_logger, line.Kind, line.SessionKey, heldBack);
        }
    }

    [LoggerMessage(300, LogLevel.Information, "Created: session {SessionKey}, incarnation {Incarnation}, impersonator {Impersonator}, at {At:O}.")]
    private static partial void LogCreated(ILogger logger, string sessionKey, Guid incarnation, string? impersonator, DateTimeOffset at);

    [LoggerMessage(
        301,
        LogLevel.Information,
        "Signed in: session {SessionKey}, incarnation {Incarnation}, user {UserKey}, method {Method}, impersonator {Impersonator}, at {At:O}.")]
    private static partial void LogSignedIn(ILogger logger, string sessionKey, Guid incarnation, string? userKey, string? method, string? impersonator, DateTimeOffset at);

    [LoggerMessage(302, LogLevel.Information, "Rotated: session {SessionKey}, incarnation {Incarnation}, user {UserKey}, {Detail}, impersonator {Impersonator}, at {At:O}.")]
    private static partial void LogRotated(ILogger logger, string sessionKey, Guid incarnation, string? userKey, string? detail, string? impersonator, DateTimeOffset at);

    [LoggerMessage(303, LogLevel.Warning, "Token reused: session {SessionKey}, incarnation {Incarnation}, user {UserKey}, {Detail}, impersonator {Impersonator}, at {At:O}.")]
    private static partial void LogReused(ILogger logger, string sessionKey, Guid incarnation, string? userKey, string? detail, string? impersonator, DateTimeOffset at);

    [LoggerMessage(
        304,
        LogLevel.Information,
        "Ended: session {SessionKey}, incarnation {Incarnation}, user {UserKey}, reason {Reason}, by {Actor}, impersonator {Impersonator}, told at {At:O}.")]
    private static partial void LogEnded(
        ILogger logger, string sessionKey, Guid incarnation, string? userKey, EndReason? reason, string? actor, string? impersonator, DateTimeOffset at);

    [LoggerMessage(305, LogLevel.Warning, "Impersonated: session {SessionKey}, incarnation {Incarnation}, user {UserKey}, impersonator {Impersonator}, at {At:O}.")]
    private static partial void LogImpersonated(ILogger logger, string sessionKey, Guid incarnation, string? userKey, string? impersonator, DateTimeOffset at);

    [LoggerMessage(306, LogLevel.Information, "Stepped up: session {SessionKey}, incarnation {Incarnation}, user {UserKey}, method {Method}, at {At:O}.")]
    private static partial void LogSteppedUp(ILogger logger, string sessionKey, Guid incarnation, string? userKey, string? method, DateTimeOffset at);

    [LoggerMessage(
        307,
        LogLevel.Warning,
        "The audit stream lacks an event, which Redis did not accept: {Kind} of session {SessionKey}. Further events lost since the last message: {HeldBack}.")]
    private static partial void LogLost(ILogger logger, AuditKind kind, string sessionKey, long heldBack);
}
