using k8s.Models;
using OrleansSessions.EndToEnd.Tests;
using Xunit;

namespace OrleansSessions.Deploy.Tests.Kubernetes;

/// <summary>Static checks of the manifests: Kubernetes would accept them, and they are consistent.</summary>
public sealed class OverlayTests
{
    /// <summary>The time limit of .NET's host for stopping services.</summary>
    private const int HostShutdownSeconds = 30;

    /// <summary>Kubernetes' limit for a port name.</summary>
    private const int LongestPortName = 15;

    public static TheoryData<string> Overlays => [.. Overlay.Names];

    public static TheoryData<string> Components => [.. Overlay.Components];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Overlay_Rendered_HasOnlyFieldsThatKubernetesKnows(string name)
    {
        Overlay overlay = Overlay.Render(name);

        Assert.Contains("orleans-sessions-silo", overlay.Pods.Keys);
        Assert.Contains("orleans-sessions-frontend", overlay.Pods.Keys);
        Assert.All(overlay.Objects, thing => Assert.Equal(thing is V1Namespace ? null : "orleans-sessions", thing.Metadata.NamespaceProperty));
    }

    [Theory]
    [InlineData("replicsa", "spec: { replicsa: 2 }")]
    [InlineData("readinesProbe", "spec: { template: { spec: { containers: [{ name: silo, readinesProbe: {} }] } } }")]
    [InlineData("paht", "spec: { template: { spec: { containers: [{ name: silo, readinessProbe: { httpGet: { paht: / } } }] } } }")]
    [InlineData("second", "spec: { template: { spec: { containers: [{ name: silo, lifecycle: { preStop: { sleep: { second: 3 } } } }] } } }")]
    public void Manifest_WithAMisspeltField_IsRefused(string field, string spec)
    {
        Exception? failure = Record.Exception(() => Overlay.Parse($"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{ name: silo }}\n{spec}\n"));

        Assert.Contains(field, $"{failure}", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Pods_AreHardened(string name)
    {
        foreach ((_, V1PodTemplateSpec pod) in Overlay.Render(name).Pods)
        {
            Assert.False(pod.Spec.AutomountServiceAccountToken);
            Assert.False(pod.Spec.EnableServiceLinks);
            Assert.True(pod.Spec.SecurityContext.RunAsNonRoot);
            Assert.True(pod.Spec.SecurityContext.RunAsUser > 0);
            Assert.Equal("RuntimeDefault", pod.Spec.SecurityContext.SeccompProfile.Type);
            Assert.All(pod.Spec.Containers, container =>
            {
                Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
                Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
                Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
                Assert.Contains("memory", container.Resources.Limits.Keys);
                Assert.Contains("cpu", container.Resources.Requests.Keys);
                Assert.Matches(":[0-9][^:]*$", container.Image);
                Assert.Equal(3, container.Probes().Count());
            });
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Deployments_RollWithoutLosingAPod_AndGiveTimeToDrain(string name)
    {
        Overlay overlay = Overlay.Render(name);
        foreach (V1Deployment deployment in overlay.All<V1Deployment>())
        {
            Assert.Equal("0", deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
            V1PodSpec pod = deployment.Spec.Template.Spec;
            TimeSpan drain = TimeSpan.Parse(Settings(overlay, pod.Containers.Single())["Shutdown__DrainDelay"], null);
            long preStop = pod.Containers.Single().Lifecycle.PreStop.Sleep.Seconds;
            Assert.True(drain > TimeSpan.Zero);
            Assert.True(preStop > 0);
            Assert.True(preStop + drain.TotalSeconds + HostShutdownSeconds < pod.TerminationGracePeriodSeconds);
            Assert.Equal(2, pod.TopologySpreadConstraints.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void References_AllHaveTheirTarget(string name)
    {
        Overlay overlay = Overlay.Render(name);
        ICollection<V1PodTemplateSpec> pods = [.. overlay.Pods.Values];
        V1Container Target(IDictionary<string, string> selector) =>
            pods.Single(pod => selector.Matches(pod.Metadata.Labels)).Spec.Containers.Single();

        foreach (V1Service service in overlay.All<V1Service>())
        {
            Assert.All(service.Spec.Ports, port => Target(service.Spec.Selector).Resolve(port.TargetPort));
        }

        foreach (V1PodDisruptionBudget budget in overlay.All<V1PodDisruptionBudget>())
        {
            Target(budget.Spec.Selector.MatchLabels);
        }

        foreach (V2HorizontalPodAutoscaler autoscaler in overlay.All<V2HorizontalPodAutoscaler>())
        {
            Assert.Null(overlay.Get<V1Deployment>(autoscaler.Spec.ScaleTargetRef.Name).Spec.Replicas);
        }

        IEnumerable<V1HTTPIngressPath> paths = overlay.All<V1Ingress>().SelectMany(ingress => ingress.Spec.Rules).SelectMany(rule => rule.Http.Paths);
        foreach (V1IngressServiceBackend backend in paths.Select(path => path.Backend.Service))
        {
            Assert.Contains(overlay.Get<V1Service>(backend.Name).Spec.Ports, port => port.Name == backend.Port.Name);
        }

        foreach (V1PodSpec pod in pods.Select(pod => pod.Spec))
        {
            Assert.All(pod.Containers.SelectMany(container => container.EnvFrom ?? []), source => overlay.Get<V1ConfigMap>(source.ConfigMapRef.Name));
            Assert.All((pod.Volumes ?? []).Where(volume => volume.ConfigMap is not null), volume => overlay.Get<V1ConfigMap>(volume.ConfigMap.Name));
            Assert.True(
                pod.ServiceAccountName is null
                || overlay.All<V1ServiceAccount>().Any(account => account.Metadata.Name == pod.ServiceAccountName && account.AutomountServiceAccountToken == false));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Probes_OfOurs_AskWhatTheyAreFor(string name)
    {
        foreach (V1Container container in Overlay.Render(name).All<V1Deployment>().Select(deployment => deployment.Spec.Template.Spec.Containers.Single()))
        {
            Assert.Equal("/healthz/startup", container.StartupProbe.HttpGet.Path);
            Assert.Equal("/healthz/ready", container.ReadinessProbe.HttpGet.Path);

            // Any other check could fail with Redis, and Kubernetes would then kill silos that only have to wait.
            Assert.Equal("/healthz/live", container.LivenessProbe.HttpGet.Path);
            Assert.All(container.Ports, port => Assert.InRange(port.Name.Length, 1, LongestPortName));
        }
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Component_Alone_RendersAndClosesNoPort(string component)
    {
        Overlay overlay = Overlay.RenderAlone(component);

        Assert.Contains("orleans-sessions-silo", overlay.Pods.Keys);

        // A pod selected by any policy accepts only allowed connections: a policy for one port, without those for the others, would cut the cluster off.
        Assert.Equal(component == "network-policies", overlay.All<V1NetworkPolicy>().Any());
    }

    [Fact]
    public void Production_EveryPod_IsClosedBothWays_ButForNames()
    {
        Overlay overlay = Overlay.Render("production");
        foreach ((string name, V1PodTemplateSpec pod) in overlay.Pods)
        {
            V1NetworkPolicy[] policies = [.. overlay.All<V1NetworkPolicy>().Where(policy => policy.Spec.PodSelector.Matches(pod.Metadata.Labels))];

            Assert.True(policies.Any(policy => policy.Spec.PolicyTypes.Contains("Ingress")), name);
            Assert.True(policies.Any(policy => policy.Spec.PolicyTypes.Contains("Egress")), name);

            IEnumerable<string> names = policies.SelectMany(policy => policy.Spec.Egress ?? []).SelectMany(rule => rule.Ports)
                .Where(port => port.Port.Value == "53").Select(port => port.Protocol);
            Assert.Equal(["TCP", "UDP"], names.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Production_WantsTheSecretsThatTheDocumentationMakes()
    {
        Overlay overlay = Overlay.Render("production");
        string documentation = File.ReadAllText(Repository.Source("docs/operations.md"));

        IEnumerable<string> wanted = overlay.Pods.Values
            .SelectMany(pod => pod.Spec.Volumes ?? []).Select(volume => volume.Secret?.SecretName)
            .Concat(overlay.All<V1Ingress>().SelectMany(ingress => ingress.Spec.Tls).Select(tls => tls.SecretName))
            .OfType<string>()
            .Distinct();

        Assert.Empty(overlay.All<V1Secret>());
        Assert.All(wanted, secret => Assert.Contains(secret, documentation, StringComparison.Ordinal));
    }

    private static IDictionary<string, string> Settings(Overlay overlay, V1Container container) =>
        container.EnvFrom.SelectMany(source => overlay.Get<V1ConfigMap>(source.ConfigMapRef.Name).Data).ToDictionary();
}
