using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace OrleansSessions.Aspire.Hosting;

/// <summary>Session clusters in an app host.</summary>
public static class OrleansSessionsBuilderExtensions
{
    // The ports in a deployment. In a run, every replica has ports of its own.
    private const int SiloPort = 11111;
    private const int GatewayPort = 30000;
    private const int RespPort = 6380;

    private const string HealthPath = "/healthz/ready";
    private const string RedisConnection = "Redis";

    /// <summary>Adds a session cluster. Its health is that of <c>/healthz/ready</c>.</summary>
    /// <typeparam name="TSilo">The silo project: it calls <c>AddSessionCluster</c>, and serves its health checks at <c>/healthz/ready</c>.</typeparam>
    /// <param name="builder">The app host.</param>
    /// <param name="name">The resource's name.</param>
    public static IResourceBuilder<OrleansSessionsResource> AddOrleansSessions<TSilo>(this IDistributedApplicationBuilder builder, [ResourceName] string name)
        where TSilo : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        bool isDeployed = builder.ExecutionContext.IsPublishMode;
        OrleansSessionsResource resource = new(name);
#pragma warning disable ASPIREPROJECTS001 // Without it, a resource type of one's own has no launch profile, no debugger and no telemetry. No stable method adds them.
        IResourceBuilder<OrleansSessionsResource> sessions = builder.AddResource(resource).WithAnnotation(new TSilo()).WithProjectDefaults(new ProjectResourceOptions());
#pragma warning restore ASPIREPROJECTS001
        if (!resource.GetEndpoints().Any())
        {
            sessions.WithHttpEndpoint();
        }

        return sessions
            .WithEndpoint(targetPort: isDeployed ? SiloPort : null, scheme: "tcp", name: OrleansSessionsResource.SiloEndpointName)
            .WithEndpoint(targetPort: isDeployed ? GatewayPort : null, scheme: "tcp", name: OrleansSessionsResource.GatewayEndpointName)
            .WithEnvironment(context => Configure(context, resource))
            .WithHttpHealthCheck(HealthPath);
    }

    /// <summary>Sets the number of silos. Default: 1.</summary>
    /// <param name="sessions">The cluster.</param>
    /// <param name="replicas">How many.</param>
    public static IResourceBuilder<OrleansSessionsResource> WithReplicas(this IResourceBuilder<OrleansSessionsResource> sessions, int replicas)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return sessions.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Sets <c>SessionCluster:ClusterId</c> of silos and frontends. Default: the resource's name.</summary>
    /// <param name="sessions">The cluster.</param>
    /// <param name="clusterId">The cluster's name.</param>
    public static IResourceBuilder<OrleansSessionsResource> WithClusterId(this IResourceBuilder<OrleansSessionsResource> sessions, string clusterId)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentException.ThrowIfNullOrWhiteSpace(clusterId);
        sessions.Resource.ClusterId = clusterId;
        return sessions;
    }

    /// <summary>Sets <c>SessionCluster:ServiceId</c> of silos and frontends. Default: the resource's name.</summary>
    /// <param name="sessions">The cluster.</param>
    /// <param name="serviceId">The prefix under which sessions are stored. Keep it for the life of the data.</param>
    public static IResourceBuilder<OrleansSessionsResource> WithServiceId(this IResourceBuilder<OrleansSessionsResource> sessions, string serviceId)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceId);
        sessions.Resource.ServiceId = serviceId;
        return sessions;
    }

    /// <summary>Sets the Redis that keeps the sessions: <c>ConnectionStrings:Redis</c> of silos and frontends.</summary>
    /// <param name="sessions">The cluster.</param>
    /// <param name="redis">The Redis, or any other resource whose connection string is one of Redis.</param>
    public static IResourceBuilder<OrleansSessionsResource> WithReference(
        this IResourceBuilder<OrleansSessionsResource> sessions, IResourceBuilder<IResourceWithConnectionString> redis)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentNullException.ThrowIfNull(redis);
        sessions.Resource.Redis = redis.Resource;
        return sessions.WithReference(redis, RedisConnection);
    }

    /// <summary>
    /// Connects a frontend to the cluster: <c>ConnectionStrings:Redis</c>, through which it finds the silos, <c>SessionCluster:ClusterId</c> and <c>SessionCluster:ServiceId</c>.
    /// It waits for the silos itself.
    /// </summary>
    /// <typeparam name="T">The frontend's type.</typeparam>
    /// <param name="frontend">The frontend: it calls <c>AddOrleansSessionsClient</c>.</param>
    /// <param name="sessions">The cluster.</param>
    /// <exception cref="DistributedApplicationException">At its start: the cluster references no Redis.</exception>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> frontend, IResourceBuilder<OrleansSessionsResource> sessions)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(frontend);
        ArgumentNullException.ThrowIfNull(sessions);
        OrleansSessionsResource cluster = sessions.Resource;
        return frontend
            .WithReferenceRelationship(cluster)
            .WithEnvironment(context =>
            {
                IResourceWithConnectionString redis = cluster.Redis
                    ?? throw new DistributedApplicationException($"The session cluster '{cluster.Name}' has no Redis: add .WithReference(redis) to it.");
                context.EnvironmentVariables[$"ConnectionStrings__{RedisConnection}"] = new ConnectionStringReference(redis, optional: false);
                SetIds(context, cluster);
            });
    }

    /// <summary>Adds the Redis-protocol endpoint, as a resource whose connection string others can reference.</summary>
    /// <param name="sessions">The cluster. Its silo project calls <c>AddRespEndpoint</c> of the package <c>OrleansSessions.Resp</c>.</param>
    /// <param name="name">The resource's name, and that of its connection string.</param>
    /// <param name="password">The password of the user <c>default</c>. Default: a generated one.</param>
    /// <exception cref="DistributedApplicationException">The cluster has the endpoint already.</exception>
    public static IResourceBuilder<RespEndpointResource> AddRespEndpoint(
        this IResourceBuilder<OrleansSessionsResource> sessions, [ResourceName] string name, IResourceBuilder<ParameterResource>? password = null)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentException.ThrowIfNullOrEmpty(name);
        OrleansSessionsResource cluster = sessions.Resource;
        if (cluster.RespEndpoint is { } other)
        {
            throw new DistributedApplicationException($"The session cluster '{cluster.Name}' has a Redis-protocol endpoint already: '{other.Name}'.");
        }

        IDistributedApplicationBuilder builder = sessions.ApplicationBuilder;
        ParameterResource secret = password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false);
        cluster.RespEndpoint = new RespEndpointResource(name, cluster, secret);
        sessions.WithEndpoint(targetPort: builder.ExecutionContext.IsPublishMode ? RespPort : null, scheme: "tcp", name: OrleansSessionsResource.RespEndpointName);
        return builder.AddResource(cluster.RespEndpoint);
    }

    private static void Configure(EnvironmentCallbackContext context, OrleansSessionsResource cluster)
    {
        SetIds(context, cluster);
        context.EnvironmentVariables["SessionCluster__SiloPort"] = cluster.SiloEndpoint.Property(EndpointProperty.TargetPort);
        context.EnvironmentVariables["SessionCluster__GatewayPort"] = cluster.GatewayEndpoint.Property(EndpointProperty.TargetPort);
        if (context.ExecutionContext.IsRunMode)
        {
            context.EnvironmentVariables["SessionCluster__AdvertisedAddress"] = $"{IPAddress.Loopback}";
        }

        if (cluster.RespEndpoint is { } resp)
        {
            context.EnvironmentVariables["Resp__Port"] = resp.Endpoint.Property(EndpointProperty.TargetPort);
            context.EnvironmentVariables["Resp__Address"] = context.ExecutionContext.IsRunMode ? $"{IPAddress.Loopback}" : "*";
            context.EnvironmentVariables["Resp__Password"] = resp.Password;
        }
    }

    private static void SetIds(EnvironmentCallbackContext context, OrleansSessionsResource cluster)
    {
        context.EnvironmentVariables["SessionCluster__ClusterId"] = cluster.ClusterId;
        context.EnvironmentVariables["SessionCluster__ServiceId"] = cluster.ServiceId;
    }
}
