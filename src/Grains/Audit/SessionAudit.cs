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
        WriteAsync(NewLine(AuditKind.Created, created.SessionKey, created.Incarnation, created.CreatedAt, user: null, created.ImpersonatedBy));

    public ValueTask OnSignedInAsync(SessionSignedIn signedIn, CancellationToken cancellationToken)
    {
        SessionIdentity identity = signedIn.Identity;
        AuditKind kind = identity.ImpersonatedBy is not null ? AuditKind.Impersonated : signedIn.IsStepUp ? AuditKind.SteppedUp : AuditKind.SignedIn;
        AuditEvent line = NewLine(kind, signedIn.SessionKey, signedIn.Incarnation, signedIn.At, identity.User, identity.ImpersonatedBy);
        return WriteAsync(line with { Detail = SessionActor.Clean(identity.Method) });
    }

    public ValueTask OnRotatedAsync(SessionRotated rotated, CancellationToken cancellationToken)
    {
        AuditEvent line = NewLine(AuditKind.Rotated, rotated.SessionKey, rotated.Incarnation, rotated.At, rotated.User, rotated.ImpersonatedBy);
        return WriteAsync(line with { Detail = rotated.MovedTo is { } movedTo ? $"moved to {movedTo}" : null });
    }

    public ValueTask OnTokenReusedAsync(SessionTokenReused reused, CancellationToken cancellationToken)
    {
        AuditEvent line = NewLine(AuditKind.Reused, reused.SessionKey, reused.Incarnation, reused.ReusedAt, reused.User, reused.ImpersonatedBy);
        return WriteAsync(line with { Detail = reused.EndsSession ? EndsTheSession : null });
    }

    public ValueTask OnEndedAsync(SessionEnded ended, CancellationToken cancellationToken)
    {
        AuditEvent line = NewLine(AuditKind.Ended, ended.SessionKey, ended.Incarnation, options.Value.TimeProvider.GetUtcNow(), ended.User, ended.ImpersonatedBy);
        return WriteAsync(line with { Reason = ended.Reason, Actor = ended.Actor });
    }

    private AuditEvent NewLine(AuditKind kind, string sessionKey, Guid incarnation, DateTimeOffset at, string? user, string? impersonatedBy) => new()
    {
        Id = "",
        Kind = kind,
        At = at,
        SessionKey = sessionKey,
        Incarnation = incarnation,
        User = user,
        ImpersonatedBy = impersonatedBy,
        Silo = silo.Name,
    };

    private async ValueTask WriteAsync(AuditEvent line)
    {
        // The log first: a stream that refuses an event must not cost it both.
        if (options.Value.Audit.Log)
        {
            log.Write(line);
        }

        if (stream.IsKept)
        {
            try
            {
                await stream.AppendAsync(line);
            }
            catch (SessionUnavailableException) when (!IsToldAgain(line))
            {
                log.Lost(line);
                throw;
            }
        }
    }

    /// <summary>Whether the event is delivered again: the session keeps it, or the next use of the token repeats it.</summary>
    private static bool IsToldAgain(AuditEvent line) => line is { Kind: AuditKind.Created or AuditKind.Ended } or { Kind: AuditKind.Reused, Detail: not EndsTheSession };
}
