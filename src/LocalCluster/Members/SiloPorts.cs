namespace OrleansSessions.LocalCluster.Members;

/// <summary>Name and ports of the silo that a member hosts.</summary>
/// <param name="Name">Its name in the cluster.</param>
/// <param name="SiloPort">Port for other silos.</param>
/// <param name="GatewayPort">Port for the cluster's clients.</param>
/// <param name="RespPort">Port of its Redis-protocol endpoint, or null if it has none.</param>
internal sealed record SiloPorts(string Name, int SiloPort, int GatewayPort, int? RespPort);
