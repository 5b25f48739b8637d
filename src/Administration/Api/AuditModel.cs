using OrleansSessions.Contracts;

namespace OrleansSessions.Administration.Api;

/// <summary>Event of the audit trail in the API's answers.</summary>
internal sealed record AuditModel(
    string Id, string Kind, DateTimeOffset At, string Session, Guid Incarnation, string? User, string? Reason, string? Actor, string? Detail, string? ImpersonatedBy, string Silo)
{
    public static AuditModel Of(AuditEvent told) => new(
        told.Id, told.Kind.ToString(), told.At, told.SessionKey, told.Incarnation, told.User, told.Reason?.ToString(), told.Actor, told.Detail, told.ImpersonatedBy, told.Silo);
}
