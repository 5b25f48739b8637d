namespace OrleansSessions.Grains.State;

/// <summary>Secret replaced by a rotation.</summary>
/// <param name="FirstHalf">The first half of its hash.</param>
/// <param name="ValidUntilMs">The end of its grace, in Unix milliseconds.</param>
/// <param name="ReportedAtMs">When its reuse was last reported to event handlers, in Unix milliseconds; 0: never.</param>
/// <param name="IsSuperseded">Whether it opens nothing even in its grace, because the session has got more rights since.</param>
internal readonly record struct RetiredSecret(UInt128 FirstHalf, long ValidUntilMs, long ReportedAtMs, bool IsSuperseded = false);
