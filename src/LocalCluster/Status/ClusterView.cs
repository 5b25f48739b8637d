using System.Net;
using OrleansSessions.LocalCluster.Members;
using OrleansSessions.LocalCluster.Store;

namespace OrleansSessions.LocalCluster.Status;

/// <summary>State of the cluster at one moment.</summary>
internal sealed record ClusterView
{
    public required Uri Url { get; init; }

    /// <summary>Address of the Redis-protocol endpoint, as <c>host:port</c>, or null if there is none.</summary>
    public required string? Resp { get; init; }

    public required IClusterStore Store { get; init; }

    public required IReadOnlyList<MemberStatus> Members { get; init; }

    /// <summary>All members have been ready, and the cluster is not stopping.</summary>
    public required bool Open { get; init; }

    /// <summary>Redis-protocol endpoints for clients: those of the ready silos or, if none is ready, of all running silos.</summary>
    public IReadOnlyList<IPEndPoint> RespEndpoints()
    {
        MemberStatus[] serving = Members.Where(member => member.IsServing && member.Definition.Silo?.RespPort is not null).ToArray();
        MemberStatus[] ready = serving.Where(member => member.State is MemberState.Ready).ToArray();
        return [.. (ready.Length > 0 ? ready : serving).Select(member => new IPEndPoint(IPAddress.Loopback, member.Definition.Silo!.RespPort!.Value))];
    }

    /// <summary>Returns the content of the status file.</summary>
    public ClusterStatus ToStatus()
    {
        // An ended member will not return; all others are expected to serve.
        MemberStatus[] expected = Members.Where(member => member.State is not MemberState.Ended).ToArray();
        return new ClusterStatus
        {
            Ready = Open
                && expected.All(member => member.IsServing)
                && expected.Any(member => member.Definition.Silo is not null)
                && expected.Any(member => member.Definition.Role is MemberRole.Frontend),
            Url = Url.GetLeftPart(UriPartial.Authority),
            Resp = Resp,
            Redis = Store.Address,
            Silos =
            [
                .. from member in Members
                   where member.ProcessId is not null && member.Definition.Silo is not null
                   let silo = member.Definition.Silo
                   select new SiloEntry(silo.Name, member.ProcessId!.Value, silo.SiloPort, silo.GatewayPort, silo.RespPort),
            ],
            Frontends =
            [
                .. from member in Members
                   where member.ProcessId is not null && member.Definition.Role is MemberRole.Frontend
                   select new FrontendEntry(member.Name, member.ProcessId!.Value, member.Definition.Url.GetLeftPart(UriPartial.Authority)),
            ],
        };
    }
}
