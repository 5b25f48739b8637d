namespace OrleansSessions.LocalCluster.Status;

/// <summary>A frontend in the status file.</summary>
internal sealed record FrontendEntry(string Name, int Pid, string Url);
