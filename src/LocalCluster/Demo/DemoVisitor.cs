namespace OrleansSessions.LocalCluster.Demo;

/// <summary>A visitor's cart and who serves it.</summary>
internal sealed record DemoVisitor(long Items, string? Silo, string? Frontend, bool IsWaiting);
