namespace OrleansSessions.Bench.Runner.Load;

/// <summary>Request with its weight in the random choice.</summary>
internal sealed record RequestShare(string Method, string Path, int Weight = 1);
