using System.Diagnostics;
using System.Globalization;

namespace OrleansSessions.Faults.Tests.Histories;

/// <summary>Request with its known outcome. Times are ticks of <see cref="Stopwatch"/>.</summary>
internal sealed record Operation
{
    /// <summary>Completion of an operation with an unknown outcome: it may take effect at any later time, or never.</summary>
    public const long Never = long.MaxValue;

    public required Action Action { get; init; }

    /// <summary>The value written or added.</summary>
    public string? Value { get; init; }

    public required long Invoked { get; init; }

    public long Completed { get; init; } = Never;

    /// <summary>What the answer shows; null: the outcome is unknown.</summary>
    public Observation? Seen { get; init; }

    /// <summary>The client and its server.</summary>
    public string Route { get; init; } = "";

    /// <summary>Why the outcome is unknown.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether it was invoked after all faults were over and everything else had been answered.</summary>
    public bool IsFinal { get; init; }

    public bool IsAcknowledged => Seen is { IsGone: false };

    /// <summary>Returns a readable line.</summary>
    /// <param name="origin">The origin of times.</param>
    public string Describe(long origin) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seconds(Invoked - origin),8:0.000} - {(Completed == Never ? "?" : Seconds(Completed - origin).ToString("0.000", CultureInfo.InvariantCulture)),8}  "
        + $"{Route,-24} {Action} {Value}{(IsFinal ? " (final)" : "")} -> {Seen?.ToString() ?? Failure ?? "no answer"}");

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}
