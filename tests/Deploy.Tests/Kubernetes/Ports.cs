using System.Globalization;
using k8s.Models;

namespace OrleansSessions.Deploy.Tests.Kubernetes;

/// <summary>Port references in manifests: a number, or a name in the container.</summary>
internal static class Ports
{
    /// <summary>Returns the number of a container's port; fails if it does not exist.</summary>
    public static int Resolve(this V1Container container, IntOrString port) =>
        (int.TryParse(port.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? container.Ports.SingleOrDefault(candidate => candidate.ContainerPort == number)
            : container.Ports.SingleOrDefault(candidate => candidate.Name == port.Value))?.ContainerPort
        ?? throw new InvalidDataException($"Container {container.Name} has no port {port.Value}.");

    /// <summary>Returns the probes of a container, by field name.</summary>
    public static IEnumerable<(string Name, V1Probe Probe)> Probes(this V1Container container) =>
        new[] { ("startupProbe", container.StartupProbe), ("readinessProbe", container.ReadinessProbe), ("livenessProbe", container.LivenessProbe) }
            .Where(probe => probe.Item2 is not null);
}
