namespace OrleansSessions.Grains.State;

/// <summary>A secret that a rotation has replaced.</summary>
/// <param name="FirstHalf">The first half of its hash.</param>
/// <param name="ValidUntilMs">The end of its grace, in Unix milliseconds.</param>
/// <param name="ReportedAtMs">When event handlers were last told that it was reused, in Unix milliseconds; 0: never.</param>
internal readonly record struct RetiredSecret(UInt128 FirstHalf, long ValidUntilMs, long ReportedAtMs);
