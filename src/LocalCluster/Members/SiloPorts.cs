namespace OrleansSessions.LocalCluster.Members;

/// <summary>The silo that a member hosts.</summary>
internal sealed record SiloPorts(string Name, int SiloPort, int GatewayPort);
