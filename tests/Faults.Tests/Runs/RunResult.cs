namespace OrleansSessions.Faults.Tests.Runs;

/// <summary>Effect of one or more runs of a nemesis on the sessions.</summary>
internal sealed record RunResult
{
    public required string Fault { get; init; }

    public int Runs { get; init; } = 1;

    /// <summary>The number of HTTP requests and Redis commands.</summary>
    public int Requests { get; init; }

    /// <summary>HTTP requests that failed without an excuse.</summary>
    public int Failed { get; init; }

    /// <summary>HTTP requests that failed at excused times.</summary>
    public int Excused { get; init; }

    /// <summary>The duration of the slowest HTTP request.</summary>
    public TimeSpan Slowest { get; init; }

    public int Stale { get; init; }

    public int Lost { get; init; }

    public int Twice { get; init; }

    /// <summary>The number of other broken guarantees.</summary>
    public int Disappointments { get; init; }

    /// <summary>Time until all members were ready again.</summary>
    public TimeSpan WholeAfter { get; init; }

    /// <summary>The number of silos that ended by themselves.</summary>
    public int Ends { get; init; }

    public bool IsCorrect => Stale + Lost + Twice + Disappointments == 0;

    public static RunResult operator +(RunResult one, RunResult other) => one with
    {
        Runs = one.Runs + other.Runs,
        Requests = one.Requests + other.Requests,
        Failed = one.Failed + other.Failed,
        Excused = one.Excused + other.Excused,
        Slowest = Max(one.Slowest, other.Slowest),
        Stale = one.Stale + other.Stale,
        Lost = one.Lost + other.Lost,
        Twice = one.Twice + other.Twice,
        WholeAfter = Max(one.WholeAfter, other.WholeAfter),
        Disappointments = one.Disappointments + other.Disappointments,
        Ends = one.Ends + other.Ends,
    };

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
