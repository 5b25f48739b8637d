namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>A silo in the status file.</summary>
internal sealed record SiloStatus(string Name, int Pid, int SiloPort, int GatewayPort, int? RespPort);
