namespace OrleansSessions.Contracts;

/// <summary>What became of a commit.</summary>
[GenerateSerializer, Alias("session.commit-outcome")]
public enum CommitOutcome : byte
{
    /// <summary>Applied and stored, now or by an earlier attempt with the same operation id.</summary>
    Applied = 0,

    /// <summary>The session that it is based on was destroyed, rotated away or has expired. Nothing changed.</summary>
    Gone = 1,

    /// <summary>It would break a limit. Nothing changed; <see cref="CommitResult.Violation"/> names limit and value.</summary>
    LimitExceeded = 2,

    /// <summary>The version of an entry or of the session was not the expected one. Nothing changed; load and try again.</summary>
    Conflict = 3,

    /// <summary>A number was added to an entry that is not a 64-bit integer, or the sum does not fit one. Nothing changed.</summary>
    NotANumber = 4,

    /// <summary>
    /// It arrived after its <see cref="SessionCommit.Deadline"/>, or after the session forgot the operations of that time. This attempt was not applied; an earlier
    /// one may have been.
    /// </summary>
    Unknown = 5,

    /// <summary>An entry name is empty or has a control character or half a surrogate pair in it. Nothing changed.</summary>
    InvalidName = 6,

    /// <summary>A change of a kind that this silo does not know: the caller is of a newer version. Nothing changed.</summary>
    NotUnderstood = 7,

    /// <summary>The session has a secret, and the commit shows neither it nor an incarnation: it comes through a door that has no right to it. Nothing changed.</summary>
    SecretRequired = 8,

    /// <summary>
    /// The commit was to rotate the session's secret, and another request has done so since the session was loaded. Nothing changed: this request's browser has, or
    /// is about to get, the other one's cookie; or somebody else has.
    /// </summary>
    SecretReplaced = 9,
}
