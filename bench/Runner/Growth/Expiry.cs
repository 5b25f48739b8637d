using System.Globalization;
using OrleansSessions.Bench.Runner.Reports;

namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>All sessions' end.</summary>
/// <param name="Due">How many were to end.</param>
/// <param name="Ended">How many did before the time was over.</param>
/// <param name="Seconds">From the first one's end to the last one's.</param>
/// <param name="Before">The foreground's p99 before, in milliseconds, of several short runs.</param>
/// <param name="During">The same meanwhile.</param>
/// <param name="Errors">The foreground's answers that were errors.</param>
internal sealed record Expiry(int Due, long Ended, double Seconds, Spread? Before, Spread? During, long Errors)
{
    public static Expiry None { get; } = new(0, 0, 0, null, null, 0);

    /// <summary>What came between it and its end; null if nothing.</summary>
    public string? Failure { get; init; }

    public double Rate => Seconds > 0 ? Ended / Seconds : 0;

    public double? Slowdown => During?.Median / Before?.Median;

    /// <summary>In words, for a table.</summary>
    public string Outcome => Due == 0 ? "not tried"
        : Failure ?? (Ended >= Due ? "all" : string.Create(CultureInfo.InvariantCulture, $"cut by time: {Ended} of {Due}"));
}
