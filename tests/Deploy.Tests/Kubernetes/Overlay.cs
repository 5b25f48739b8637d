using k8s;
using k8s.Models;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.Deploy.Tests.Kubernetes;

/// <summary>Rendered overlay of deploy/kubernetes.</summary>
internal sealed class Overlay
{
    private Overlay(string name, string yaml)
    {
        Name = name;
        Objects = Parse(yaml);
    }

    /// <summary>The names of all overlays.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateDirectories(Repository.Source("deploy/kubernetes/overlays")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    public string Name { get; }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    /// <summary>The pod templates, by the name of their workload.</summary>
    public IReadOnlyDictionary<string, V1PodTemplateSpec> Pods => All<V1Deployment>().Select(deployment => (deployment.Metadata.Name, deployment.Spec.Template))
        .Concat(All<V1StatefulSet>().Select(set => (set.Metadata.Name, set.Spec.Template)))
        .ToDictionary();

    /// <summary>The names of all components.</summary>
    public static IEnumerable<string> Components =>
        Directory.EnumerateDirectories(Repository.Source("deploy/kubernetes/components")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    /// <summary>Renders an overlay with kubectl, or skips the running test.</summary>
    public static Overlay Render(string name) => Render(name, Repository.Source($"deploy/kubernetes/overlays/{name}"));

    /// <summary>Renders the base with a single component.</summary>
    public static Overlay RenderAlone(string component)
    {
        using var folder = new TemporaryFolder();
        string Relative(string path) => Path.GetRelativePath(folder.Path, Repository.Source(path));
        File.WriteAllText(
            folder.File("kustomization.yaml"),
            $"resources: [{Relative("deploy/kubernetes/base")}]\ncomponents: [{Relative($"deploy/kubernetes/components/{component}")}]\n");
        return Render(component, folder.Path);
    }

    private static Overlay Render(string name, string folder)
    {
        (int exitCode, string yaml, string errors) = PinnedTool.Kubectl.Run("kustomize", folder);
        Assert.True(exitCode == 0, errors);
        return new Overlay(name, yaml);
    }

    /// <summary>Parses manifests; an unknown field or kind is an error.</summary>
    public static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Parse(string yaml) =>
        [.. KubernetesYaml.LoadAllFromString(yaml, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()];

    public IEnumerable<T> All<T>() => Objects.OfType<T>();

    public T Get<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => All<T>().Single(candidate => candidate.Metadata.Name == name);
}
