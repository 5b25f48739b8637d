using System.Diagnostics;
using System.Globalization;

namespace OrleansSessions.Faults.Tests.Histories;

/// <summary>One request and what is known of its outcome. Times are ticks of <see cref="Stopwatch"/>.</summary>
internal sealed record Operation
{
    /// <summary>The completion of an operation whose outcome is unknown: it may take effect at any later time, or never.</summary>
    public const long Never = long.MaxValue;

    public required Action Action { get; init; }

    /// <summary>What is written or added.</summary>
    public string? Value { get; init; }

    public required long Invoked { get; init; }

    public long Completed { get; init; } = Never;

    /// <summary>What the answer shows; null: the outcome is unknown.</summary>
    public Observation? Seen { get; init; }

    /// <summary>Which client asked whom.</summary>
    public string Route { get; init; } = "";

    /// <summary>Why the outcome is unknown.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether it was asked when all faults were over and everything else had been answered.</summary>
    public bool IsFinal { get; init; }

    public bool IsAcknowledged => Seen is { IsGone: false };

    /// <summary>A line for people.</summary>
    /// <param name="origin">The time that times are counted from.</param>
    public string Describe(long origin) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seconds(Invoked - origin),8:0.000} - {(Completed == Never ? "?" : Seconds(Completed - origin).ToString("0.000", CultureInfo.InvariantCulture)),8}  {Route,-24} {Action} {Value}{(IsFinal ? " (final)" : "")} -> {Seen?.ToString() ?? Failure ?? "no answer"}");

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}
