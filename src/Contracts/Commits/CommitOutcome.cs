namespace OrleansSessions.Contracts;

/// <summary>Outcome of a commit.</summary>
[GenerateSerializer, Alias("session.commit-outcome")]
public enum CommitOutcome : byte
{
    /// <summary>Applied and stored, by this attempt or an earlier one with the same operation id.</summary>
    Applied = 0,

    /// <summary>The base session was destroyed, was rotated away or has expired. Nothing changed.</summary>
    Gone = 1,

    /// <summary>The commit would exceed a limit. Nothing changed; <see cref="CommitResult.Violation"/> names limit and value.</summary>
    LimitExceeded = 2,

    /// <summary>An entry or the session did not have the expected version. Nothing changed; load and try again.</summary>
    Conflict = 3,

    /// <summary>A number was added to an entry that is not a 64-bit integer, or the sum does not fit one. Nothing changed.</summary>
    NotANumber = 4,

    /// <summary>
    /// The commit arrived after its <see cref="SessionCommit.Deadline"/>, or after the session forgot the operations of that time. This attempt was not applied; an
    /// earlier one may have been.
    /// </summary>
    Unknown = 5,

    /// <summary>An entry name is empty or contains a control character or an unpaired surrogate. Nothing changed.</summary>
    InvalidName = 6,

    /// <summary>This silo does not know a change's kind: the caller has a newer version. Nothing changed.</summary>
    NotUnderstood = 7,

    /// <summary>The session has a secret, and the commit presents neither it nor an incarnation: its door has no access. Nothing changed.</summary>
    SecretRequired = 8,

    /// <summary>
    /// The commit rotates the session's secret, but another request has rotated it since the session was loaded. Nothing changed: this browser, or an attacker, has
    /// the other request's new cookie or is about to get it.
    /// </summary>
    SecretReplaced = 9,

    /// <summary>
    /// The commit signs the session in, but the user already has as many sessions as are allowed, and the cluster is configured to refuse more. Nothing changed.
    /// </summary>
    TooManySessions = 10,
}
