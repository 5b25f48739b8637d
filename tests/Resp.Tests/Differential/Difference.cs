using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Differential;

/// <summary>Difference between the cluster's and Redis' replies.</summary>
internal sealed record Difference(int Step, RespAnswer Expected, RespAnswer Actual);
