namespace OrleansSessions.Bench.Runner.Load;

/// <summary>A kind of request and how often it is drawn.</summary>
internal sealed record RequestShare(string Method, string Path, int Weight = 1);
