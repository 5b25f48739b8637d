namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>HTTP request of a run.</summary>
/// <param name="What">The frontend, the method and the path.</param>
/// <param name="Started">When it was sent, in stopwatch ticks.</param>
/// <param name="Ended">When it was answered or given up.</param>
/// <param name="Failure">The reason for its failure; null: none.</param>
internal sealed record Request(string What, long Started, long Ended, string? Failure);
