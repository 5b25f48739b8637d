namespace OrleansSessions.LocalCluster.Members;

/// <summary>The silo that a member hosts.</summary>
/// <param name="Name">Its name in the cluster.</param>
/// <param name="SiloPort">Where other silos reach it.</param>
/// <param name="GatewayPort">Where the cluster's clients reach it.</param>
/// <param name="RespPort">Where its Redis-protocol endpoint listens, or null when it has none.</param>
internal sealed record SiloPorts(string Name, int SiloPort, int GatewayPort, int? RespPort);
