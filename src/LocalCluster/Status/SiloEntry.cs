namespace OrleansSessions.LocalCluster.Status;

/// <summary>A silo in the status file.</summary>
internal sealed record SiloEntry(string Name, int Pid, int SiloPort, int GatewayPort, int? RespPort);
