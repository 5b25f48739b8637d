using System.Globalization;
using OrleansSessions.Bench.Runner.Reports;

namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>Result of letting all sessions expire.</summary>
/// <param name="Due">The number due.</param>
/// <param name="Ended">The number that ended within the time limit.</param>
/// <param name="Seconds">Seconds from the first end to the last.</param>
/// <param name="Before">The foreground's p99 before, in milliseconds, over several short runs.</param>
/// <param name="During">The foreground's p99 while sessions ended.</param>
/// <param name="Errors">The number of errors in the foreground.</param>
internal sealed record Expiry(int Due, long Ended, double Seconds, Spread? Before, Spread? During, long Errors)
{
    public static Expiry None { get; } = new(0, 0, 0, null, null, 0);

    /// <summary>The reason why not all ended, or null.</summary>
    public string? Failure { get; init; }

    public double Rate => Seconds > 0 ? Ended / Seconds : 0;

    public double? Slowdown => During?.Median / Before?.Median;

    /// <summary>The outcome in words, for a table.</summary>
    public string Outcome => Due == 0 ? "not tried"
        : Failure ?? (Ended >= Due ? "all" : string.Create(CultureInfo.InvariantCulture, $"cut by time: {Ended} of {Due}"));
}
