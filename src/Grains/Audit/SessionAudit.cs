using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Events;

namespace OrleansSessions.Grains.Audit;

/// <summary>Audit trail, as the first of the event handlers: creations and ends reach it at least once, even across crashes.</summary>
internal sealed class SessionAudit(AuditLog log, AuditStream stream, ILocalSiloDetails silo, IOptions<SessionClusterOptions> options) : ISessionEventHandler
{
    private const string EndsTheSession = "ends the session";

    public ValueTask OnCreatedAsync(SessionCreated created, CancellationToken cancellationToken) =>
        WriteAsync(AuditKind.Created, created.SessionKey, created.Incarnation, created.CreatedAt);

    public ValueTask OnSignedInAsync(SessionSignedIn signedIn, CancellationToken cancellationToken) =>
        WriteAsync(AuditKind.SignedIn, signedIn.SessionKey, signedIn.Incarnation, signedIn.At, signedIn.Identity.User, detail: SessionActor.Clean(signedIn.Identity.Method));

    public ValueTask OnRotatedAsync(SessionRotated rotated, CancellationToken cancellationToken) =>
        WriteAsync(
            AuditKind.Rotated, rotated.SessionKey, rotated.Incarnation, rotated.At, rotated.User, detail: rotated.MovedTo is { } movedTo ? $"moved to {movedTo}" : null);

    public ValueTask OnTokenReusedAsync(SessionTokenReused reused, CancellationToken cancellationToken) =>
        WriteAsync(AuditKind.Reused, reused.SessionKey, reused.Incarnation, reused.ReusedAt, reused.User, detail: reused.EndsSession ? EndsTheSession : null);

    public ValueTask OnEndedAsync(SessionEnded ended, CancellationToken cancellationToken) =>
        WriteAsync(AuditKind.Ended, ended.SessionKey, ended.Incarnation, options.Value.TimeProvider.GetUtcNow(), ended.User, ended.Reason, ended.Actor);

    private async ValueTask WriteAsync(
        AuditKind kind, string sessionKey, Guid incarnation, DateTimeOffset at, string? user = null, EndReason? reason = null, string? actor = null, string? detail = null)
    {
        var line = new AuditEvent
        {
            Id = "",
            Kind = kind,
            At = at,
            SessionKey = sessionKey,
            Incarnation = incarnation,
            User = user,
            Reason = reason,
            Actor = actor,
            Detail = detail,
            Silo = silo.Name,
        };
        // The log first: a stream that refuses an event must not cost it both.
        if (options.Value.Audit.Log)
        {
            log.Write(line);
        }

        if (stream.IsKept)
        {
            await stream.AppendAsync(line);
        }
    }
}
