using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Differential;

/// <summary>Where the cluster answered otherwise than Redis.</summary>
internal sealed record Difference(int Step, RespAnswer Expected, RespAnswer Actual);
