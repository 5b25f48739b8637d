using k8s;
using k8s.Models;
using OrleansSessions.EndToEnd.Tests;
using Xunit;

namespace OrleansSessions.Deploy.Tests.Kubernetes;

/// <summary>Helm chart of deploy/helm.</summary>
internal static class Chart
{
    private const string ValuesFile = "-values.yaml";

    private static readonly string Folder = Repository.Source("deploy/helm/orleans-sessions");

    /// <summary>The names of the files of values in its folder "ci".</summary>
    public static IEnumerable<string> Values => Directory.EnumerateFiles(Path.Combine(Folder, "ci"), $"*{ValuesFile}")
        .Select(static file => Path.GetFileName(file)[..^ValuesFile.Length])
        .Order(StringComparer.Ordinal);

    /// <summary>Renders the chart with a file of values, or skips the running test. An unknown field or kind is an error.</summary>
    public static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Render(string values) => RenderWith("--values", Path.Combine(Folder, "ci", values + ValuesFile));

    /// <summary>Renders the chart with options of <c>helm template</c>.</summary>
    public static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> RenderWith(params string[] options)
    {
        (int exitCode, string yaml, string errors) = Template(options);
        Assert.True(exitCode == 0, errors);
        return Overlay.Parse(yaml);
    }

    /// <summary>Runs <c>helm template</c>.</summary>
    public static (int ExitCode, string Output, string Errors) Template(params string[] options) =>
        PinnedTool.Helm.Run(["template", "orleans-sessions", Folder, "--namespace", "orleans-sessions", .. options]);
}
