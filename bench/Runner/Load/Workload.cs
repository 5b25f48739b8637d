namespace OrleansSessions.Bench.Runner.Load;

/// <summary>What is asked of a stack while it is measured.</summary>
/// <param name="Name">Short, for files and the command line.</param>
/// <param name="Title">For tables.</param>
/// <param name="Sessions">Which sessions are used.</param>
/// <param name="Requests">The requests.</param>
internal sealed record Workload(string Name, string Title, SessionChoice Sessions, params IReadOnlyList<RequestShare> Requests)
{
    /// <summary>The length of each of a session's four entries.</summary>
    public const int UsualBytes = 100;

    public int Connections { get; init; } = 32;

    public int EntryBytes { get; init; } = UsualBytes;

    /// <summary>The shortest and longest time between an answer and the connection's next request, in milliseconds.</summary>
    public (int Min, int Max) Think { get; init; }

    /// <summary>Whether the load is the same for all stacks, so that it is their latency that is compared.</summary>
    public bool IsPaced => Think.Max > 0;

    /// <summary>Whether it is also measured in a quick run.</summary>
    public bool IsQuick { get; init; }
}
