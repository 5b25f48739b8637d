using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Telemetry;

/// <summary>Values of the tags <c>outcome</c> and <c>reason</c>. Constants, so that counting allocates nothing.</summary>
internal static class Outcomes
{
    public const string Ok = "ok";
    public const string Error = "error";

    /// <summary>Redis did not answer.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>Another activation has stored the session.</summary>
    public const string Conflict = "conflict";

    public static string Of(Exception exception) => exception is SessionUnavailableException ? Unavailable : Error;

    public static string Of(LoadOutcome outcome) => outcome switch
    {
        LoadOutcome.None => "none",
        LoadOutcome.Active => "active",
        LoadOutcome.RotatedAway => "rotated_away",
        _ => "other",
    };

    public static string Of(CommitOutcome outcome) => outcome switch
    {
        CommitOutcome.Applied => "applied",
        CommitOutcome.Gone => "gone",
        CommitOutcome.LimitExceeded => "limit_exceeded",
        CommitOutcome.Conflict => Conflict,
        CommitOutcome.NotANumber => "not_a_number",
        CommitOutcome.Unknown => "unknown",
        CommitOutcome.InvalidName => "invalid_name",
        CommitOutcome.NotUnderstood => "not_understood",
        CommitOutcome.SecretRequired => "secret_required",
        CommitOutcome.SecretReplaced => "secret_replaced",
        CommitOutcome.TooManySessions => "too_many_sessions",
        _ => "other",
    };

    public static string Of(EndReason reason) => reason switch
    {
        EndReason.Destroyed => "destroyed",
        EndReason.IdleTimeout => "idle_timeout",
        EndReason.AbsoluteLifetime => "absolute_lifetime",
        EndReason.Revoked => "revoked",
        EndReason.TokenReuse => "token_reuse",
        EndReason.SessionLimit => "session_limit",
        EndReason.EndedByUser => "ended_by_user",
        EndReason.EndedByAdministrator => "ended_by_administrator",
        _ => "other",
    };

    public static string Of(SecretStanding refused) => refused switch
    {
        SecretStanding.Missing => "missing",
        SecretStanding.UsedUp => "reused",
        SecretStanding.Late => "late",
        SecretStanding.Superseded => "superseded",
        _ => "wrong",
    };
}
