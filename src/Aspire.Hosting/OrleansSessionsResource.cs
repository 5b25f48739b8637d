using Aspire.Hosting.ApplicationModel;

namespace OrleansSessions.Aspire.Hosting;

/// <summary>Session cluster of an app host: one silo project, in any number of replicas.</summary>
/// <param name="name">The resource's name, and the default of the cluster's two ids.</param>
public sealed class OrleansSessionsResource(string name) : ProjectResource(name)
{
    internal const string SiloEndpointName = "silo";
    internal const string GatewayEndpointName = "gateway";
    internal const string RespEndpointName = "resp";

    /// <summary>The port for other silos. Replicas have one each, and find each other through Redis.</summary>
    public EndpointReference SiloEndpoint => new(this, SiloEndpointName);

    /// <summary>The port for frontends. Replicas have one each, and frontends find them through Redis.</summary>
    public EndpointReference GatewayEndpoint => new(this, GatewayEndpointName);

    /// <summary>The cluster's name: <c>SessionCluster:ClusterId</c> of silos and frontends. Default: the resource's name.</summary>
    public string ClusterId { get; internal set; } = name;

    /// <summary>The prefix under which sessions are stored: <c>SessionCluster:ServiceId</c> of silos and frontends. Default: the resource's name.</summary>
    public string ServiceId { get; internal set; } = name;

    /// <summary>The Redis that keeps the sessions. Null until the resource references one.</summary>
    public IResourceWithConnectionString? Redis { get; internal set; }

    /// <summary>The Redis-protocol endpoint; null: there is none.</summary>
    public RespEndpointResource? RespEndpoint { get; internal set; }
}
