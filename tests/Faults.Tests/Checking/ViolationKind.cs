namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>What users would call a violation.</summary>
internal enum ViolationKind
{
    /// <summary>An answer is older than what was acknowledged, or shown, before it was asked for; or it shows a session that had ended.</summary>
    Stale,

    /// <summary>Something acknowledged is gone for good.</summary>
    Lost,

    /// <summary>An operation took effect twice, or a lock had two holders.</summary>
    Twice,
}
