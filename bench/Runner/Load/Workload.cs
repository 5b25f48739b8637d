namespace OrleansSessions.Bench.Runner.Load;

/// <summary>Workload of a measurement.</summary>
/// <param name="Name">Short name for files and the command line.</param>
/// <param name="Title">Title in tables.</param>
/// <param name="Sessions">The sessions to use.</param>
/// <param name="Requests">The requests to send.</param>
internal sealed record Workload(string Name, string Title, SessionChoice Sessions, params IReadOnlyList<RequestShare> Requests)
{
    /// <summary>The length of each of a session's four entries.</summary>
    public const int UsualBytes = 100;

    public int Connections { get; init; } = 32;

    public int EntryBytes { get; init; } = UsualBytes;

    /// <summary>Minimum and maximum pause between a response and the connection's next request, in milliseconds.</summary>
    public (int Min, int Max) Think { get; init; }

    /// <summary>Whether all stacks get the same load, to compare latency.</summary>
    public bool IsPaced => Think.Max > 0;

    /// <summary>Whether its requests sign users in, which only some stacks can.</summary>
    public bool SignsIn { get; init; }

    /// <summary>Whether a quick run includes it.</summary>
    public bool IsQuick { get; init; }
}
