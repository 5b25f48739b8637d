namespace OrleansSessions.LocalCluster.Demo;

/// <summary>A silo that was killed.</summary>
internal sealed record DemoKill(DateTimeOffset At, string Silo);
