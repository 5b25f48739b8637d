using k8s;
using k8s.Models;
using OrleansSessions.EndToEnd.Tests;
using Xunit;

namespace OrleansSessions.Deploy.Tests.Kubernetes;

/// <summary>The Helm chart makes the same objects as the overlays, of which <see cref="OverlayTests"/> and the tests on a played node say more.</summary>
public sealed class ChartTests
{
    public static TheoryData<string> Values => [.. Chart.Values];

    [Theory]
    [MemberData(nameof(Values))]
    public void Chart_WithAnOverlaysValues_MakesItsObjects(string name)
    {
        IEnumerable<string> overlay = Overlay.Render(name).Objects.Where(static thing => thing is not (V1Namespace or V1Secret))
            .Select(ComparableObject.Of)
            .Order(StringComparer.Ordinal);
        IEnumerable<string> chart = Chart.Render(name).Select(ComparableObject.Of).Order(StringComparer.Ordinal);

        Assert.Equal(overlay, chart);
    }

    [Fact]
    public void Chart_OfSilosAlone_OnAManagedRedis_MakesNothingElse()
    {
        IReadOnlyList<IKubernetesObject<V1ObjectMeta>> objects = Chart.RenderWith(
            "--set", "frontend.enabled=false,redis.enabled=false,redis.address=redis.example.com:6380\\,ssl=true",
            "--set", "resp.enabled=true,networkPolicies.enabled=true,autoscaling.enabled=true",
            "--set", "settings.SessionCluster__ClusterId=blue,siloSettings.SessionCluster__Audit__Log=true");

        Assert.Equal("orleans-sessions-silo", Assert.Single(objects.OfType<V1Deployment>()).Metadata.Name);
        Assert.Empty(objects.OfType<V1StatefulSet>());
        V1ConfigMap settings = objects.OfType<V1ConfigMap>().Single(static map => map.Metadata.Name == "orleans-sessions");
        Assert.Equal("redis.example.com:6380,ssl=true", settings.Data["ConnectionStrings__Redis"]);
        Assert.Equal("blue", settings.Data["SessionCluster__ClusterId"]);
        Assert.Equal("orleans-sessions", settings.Data["SessionCluster__ServiceId"]);
        Assert.Equal("true", objects.OfType<V1ConfigMap>().Single(static map => map.Metadata.Name == "orleans-sessions-silo").Data["SessionCluster__Audit__Log"]);
        Assert.Equal(2, objects.OfType<V1Deployment>().Single().Spec.Template.Spec.Containers.Single().EnvFrom.Count);
    }

    [Theory]
    [InlineData("silo.replicsa=2", "'replicsa' not allowed")]
    [InlineData("autoscaling.silo.cpu=700", "maximum")]
    [InlineData("redis.enabled=false", "redis.address is required")]
    public void Chart_WithAWrongValue_IsRefused(string value, string error)
    {
        (int exitCode, _, string errors) = Chart.Template("--set", value);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(error, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Chart_HasTheVersionOfEverything()
    {
        string version = File.ReadAllText(Repository.Source("Directory.Build.props")).Split("<VersionPrefix>")[1].Split("</VersionPrefix>")[0];
        string[] chart = File.ReadAllLines(Repository.Source("deploy/helm/orleans-sessions/Chart.yaml"));

        Assert.Contains($"version: {version}", chart);
        Assert.Contains($"appVersion: {version}", chart);
    }
}
