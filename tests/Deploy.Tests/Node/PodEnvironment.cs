using k8s.Models;
using OrleansSessions.Deploy.Tests.Kubernetes;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Environment of a container: the manifest's, with references resolved.</summary>
internal static class PodEnvironment
{
    public static Dictionary<string, string> Resolve(
        V1Container container, string podName, Peer pod, Overlay overlay, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> secrets)
    {
        var environment = new Dictionary<string, string>();
        foreach ((string name, string value) in (container.EnvFrom ?? []).SelectMany(source => overlay.Get<V1ConfigMap>(source.ConfigMapRef.Name).Data))
        {
            environment[name] = value;
        }

        foreach (V1EnvVar variable in container.Env ?? [])
        {
            environment[variable.Name] = variable.ValueFrom switch
            {
                null => variable.Value,
                { FieldRef.FieldPath: "metadata.name" } => podName,
                { FieldRef.FieldPath: "status.podIP" } => pod.Address.ToString(),
                { SecretKeyRef: { } secret } => secrets[secret.Name][secret.Key],
                _ => throw new NotSupportedException($"The manifests had no source such as that of {variable.Name} so far."),
            };
        }

        return environment;
    }
}
