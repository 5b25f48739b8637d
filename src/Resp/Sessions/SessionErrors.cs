using OrleansSessions.Contracts;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Sessions;

/// <summary>Error replies of commands on sessions.</summary>
internal static class SessionErrors
{
    /// <summary>Reply to a name that no entry can have.</summary>
    public static readonly Reply InvalidFieldName = Reply.Error("ERR a field's name must be UTF-8 text, not empty and without control characters");

    /// <summary>Reply to a command that lost every race until its time limit.</summary>
    public static readonly Reply TooMuchContention = Reply.Error("ERR other clients keep changing the session; try again");

    /// <summary>Reply to a change of a session that only its token opens.</summary>
    public static readonly Reply SecretRequired = Reply.Error("ERR the session of this key has a secret, which no Redis client can show");

    /// <summary>Reply to a write that signs in a user who has as many sessions as the cluster allows.</summary>
    public static readonly Reply TooManySessions = Reply.Error("ERR the user has too many sessions");

    /// <summary>Returns the error for a commit that was not applied.</summary>
    public static Reply Of(CommitResult result) => result.Outcome switch
    {
        CommitOutcome.LimitExceeded => Reply.Error($"ERR {result.Violation}"),
        CommitOutcome.InvalidName => InvalidFieldName,
        CommitOutcome.SecretRequired => SecretRequired,
        CommitOutcome.TooManySessions => TooManySessions,
        CommitOutcome.Unknown => Reply.Error("ERR the session changes so often that it is unknown whether this change was stored; read it again"),
        _ => Reply.Error($"ERR the session's silo answered {result.Outcome}: it may run an older version. Finish upgrading all silos"),
    };
}
