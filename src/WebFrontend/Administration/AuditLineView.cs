using OrleansSessions.Contracts;

namespace OrleansSessions.WebFrontend.Administration;

/// <summary>Event of the audit trail, for display.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Kind">What happened, as a word.</param>
/// <param name="Session">The beginning of the session's key.</param>
/// <param name="User">The user's key; null: none.</param>
/// <param name="Detail">Why and by whom.</param>
internal sealed record AuditLineView(DateTimeOffset At, string Kind, string Session, string? User, string Detail)
{
    private const string SessionPrefix = "session:";

    public static AuditLineView Of(AuditEvent told) => new(
        told.At,
        told.Kind switch
        {
            AuditKind.Created => "Created",
            AuditKind.SignedIn => "Signed in",
            AuditKind.Rotated => "Rotated",
            AuditKind.Reused => "Reused",
            AuditKind.Ended => "Ended",
            AuditKind.Impersonated => "Impersonated",
            AuditKind.SteppedUp => "Stepped up",
            _ => "Unknown",
        },
        new SessionKey(told.SessionKey).Short,
        told.User,
        DetailOf(told));

    /// <summary>An actor that is a session, as the column of sessions shows it.</summary>
    private static string Short(string actor) =>
        actor.StartsWith(SessionPrefix, StringComparison.Ordinal)
            ? SessionPrefix + new SessionKey(actor[SessionPrefix.Length..]).Short
            : actor;

    private static string DetailOf(AuditEvent told)
    {
        string?[] texts =
        [
            told.Reason?.ToString(),
            told.Actor is { } actor ? $"by {Short(actor)}" : null,
            told.Detail,
            told.ImpersonatedBy is null ? null : "an administrator acts as the user",
        ];
        return string.Join(", ", texts.Where(static text => !string.IsNullOrEmpty(text)));
    }
}
