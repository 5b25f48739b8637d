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

    /// <summary>The session has a secret, and the commit shows neither it nor an incarnation: it comes through a door that has no right to it. Nothing changed.</summary>
    SecretRequired = 8,

    /// <summary>
    /// The commit was to rotate the session's secret, and another request has done so since the session was loaded. Nothing changed: this request's browser has, or
    /// is about to get, the other one's cookie; or somebody else has.
    /// </summary>
    SecretReplaced = 9,
}
