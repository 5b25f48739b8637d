using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansSessions.EndToEnd.Tests;
using Xunit;

namespace OrleansSessions.Aspire.Hosting.Tests;

/// <summary>What silos, frontends and Redis clients get. Evaluated as for a deployment, where values are expressions.</summary>
public sealed class SettingsTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder(["--operation", "publish"]);

    [Fact]
    public async Task Silo_GetsTheClusterAndItsPorts()
    {
        IResourceBuilder<OrleansSessionsResource> sessions = _builder.AddOrleansSessions<SiloProject>("sessions").WithReference(_builder.AddRedis("store")).WithReplicas(3);

        IReadOnlyDictionary<string, string> settings = await SettingsAsync(sessions.Resource);

        Assert.Equal("{store.connectionString}", settings["ConnectionStrings__Redis"]);
        Assert.Equal("sessions", settings["SessionCluster__ClusterId"]);
        Assert.Equal("sessions", settings["SessionCluster__ServiceId"]);
        Assert.Equal("{sessions.bindings.silo.targetPort}", settings["SessionCluster__SiloPort"]);
        Assert.Equal("{sessions.bindings.gateway.targetPort}", settings["SessionCluster__GatewayPort"]);
        Assert.DoesNotContain("SessionCluster__AdvertisedAddress", settings.Keys);
        Assert.DoesNotContain("Resp__Port", settings.Keys);
        Assert.Equal(3, sessions.Resource.Annotations.OfType<ReplicaAnnotation>().Single().Replicas);
    }

    [Fact]
    public async Task Frontend_GetsTheClusterOfItsSilos()
    {
        IResourceBuilder<OrleansSessionsResource> sessions = _builder.AddOrleansSessions<SiloProject>("sessions").WithClusterId("blue").WithServiceId("shop");
        IResourceBuilder<ContainerResource> frontend = _builder.AddContainer("frontend", "frontend").WithReference(sessions);

        // The order of the references doesn't matter.
        sessions.WithReference(_builder.AddRedis("store"));
        IReadOnlyDictionary<string, string> settings = await SettingsAsync(frontend.Resource);

        Assert.Equal("{store.connectionString}", settings["ConnectionStrings__Redis"]);
        Assert.Equal("blue", settings["SessionCluster__ClusterId"]);
        Assert.Equal("shop", settings["SessionCluster__ServiceId"]);
        Assert.DoesNotContain("ConnectionStrings__sessions", settings.Keys);
    }

    [Fact]
    public async Task Frontend_OfAClusterWithoutRedis_IsRefused()
    {
        IResourceBuilder<OrleansSessionsResource> sessions = _builder.AddOrleansSessions<SiloProject>("sessions");
        IResourceBuilder<ContainerResource> frontend = _builder.AddContainer("frontend", "frontend").WithReference(sessions);

        var refused = await Assert.ThrowsAsync<DistributedApplicationException>(() => SettingsAsync(frontend.Resource));

        Assert.Equal("The session cluster 'sessions' has no Redis: add .WithReference(redis) to it.", refused.Message);
    }

    [Fact]
    public async Task RespEndpoint_IsAConnectionString()
    {
        IResourceBuilder<OrleansSessionsResource> sessions = _builder.AddOrleansSessions<SiloProject>("sessions");
        IResourceBuilder<RespEndpointResource> resp = sessions.AddRespEndpoint("resp", _builder.AddParameter("secret", secret: true));
        IResourceBuilder<ContainerResource> php = _builder.AddContainer("php", "php").WithReference(resp);

        IReadOnlyDictionary<string, string> silo = await SettingsAsync(sessions.Resource);
        IReadOnlyDictionary<string, string> client = await SettingsAsync(php.Resource);

        Assert.Equal("{sessions.bindings.resp.targetPort}", silo["Resp__Port"]);
        Assert.Equal("*", silo["Resp__Address"]);
        Assert.Equal("{secret.value}", silo["Resp__Password"]);
        Assert.Equal("{sessions.bindings.resp.host}:{sessions.bindings.resp.port},password={secret.value}", resp.Resource.ConnectionStringExpression.ValueExpression);
        Assert.Equal("{resp.connectionString}", client["ConnectionStrings__resp"]);
        Assert.Equal(["RESP_HOST", "RESP_PASSWORD", "RESP_PORT", "RESP_URI"], client.Keys.Where(static name => name.StartsWith("RESP_", StringComparison.Ordinal)).Order());
        Assert.Throws<DistributedApplicationException>(() => sessions.AddRespEndpoint("other"));
    }

    /// <summary>Each line of the page's code is in a program that is compiled and run.</summary>
    [Fact]
    public void Page_ShowsTheSample()
    {
        string[] page = File.ReadAllText(Repository.Source("docs/aspire.md")).Split("```");
        string[] sample = File.ReadAllLines(Repository.Source("samples/aspire/Program.cs"));
        IEnumerable<string> code = page.Where(static (_, index) => index % 2 == 1).SelectMany(static block => block.Split('\n').Skip(1)).Where(static line => line.Length > 0);

        Assert.NotEmpty(code);
        Assert.All(code, line => Assert.Contains(line, sample));
    }

    private static async Task<IReadOnlyDictionary<string, string>> SettingsAsync(IResourceWithEnvironment resource)
    {
        IExecutionConfigurationResult configuration = await ExecutionConfigurationBuilder.Create(resource).WithEnvironmentVariablesConfig().BuildAsync(
            new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish), NullLogger.Instance, TestContext.Current.CancellationToken);
        return configuration.EnvironmentVariables.ToDictionary();
    }
}
