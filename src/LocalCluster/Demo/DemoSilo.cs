namespace OrleansSessions.LocalCluster.Demo;

/// <summary>A silo and its state, in words.</summary>
internal sealed record DemoSilo(string Name, string State, bool IsReady, int? ProcessId);
