namespace OrleansSessions.LocalCluster.Demo;

/// <summary>Answer to a change of a cart.</summary>
/// <param name="Value">The new quantity.</param>
internal sealed record CartChange(long Value);
