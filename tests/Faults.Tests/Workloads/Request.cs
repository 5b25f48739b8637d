namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>One HTTP request.</summary>
/// <param name="What">The frontend, the method and the path.</param>
/// <param name="Started">When it was sent, in ticks of the stopwatch.</param>
/// <param name="Ended">When it was answered or given up.</param>
/// <param name="Failure">Why it failed; null if it didn't.</param>
internal sealed record Request(string What, long Started, long Ended, string? Failure);
