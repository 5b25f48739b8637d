namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>Kind of a violation as a user would see it.</summary>
internal enum ViolationKind
{
    /// <summary>An answer is older than what was acknowledged or shown before its invocation; or it shows an ended session.</summary>
    Stale,

    /// <summary>Acknowledged data is gone for good.</summary>
    Lost,

    /// <summary>An operation took effect twice, or a lock had two holders.</summary>
    Twice,
}
