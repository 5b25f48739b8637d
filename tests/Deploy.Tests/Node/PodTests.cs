using System.Globalization;
using System.Net;
using OrleansSessions.Deploy.Tests.Docker;
using OrleansSessions.Deploy.Tests.Kubernetes;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.Tests.Shared;
using Xunit;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Names in the manifests exist in the programs, checked against the running ones.</summary>
[Collection(nameof(DeployCollection))]
public sealed class PodTests(Images images)
{
    private const string Misspelt = "Redis__PasswrodPath";
    private const string RecorderFolder = "/recorder";
    private const string Listening = "0A";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    // Read by the runtime and by libraries below the configuration.
    private static readonly string[] NotSettings = ["HOME", "DOTNET_EnableDiagnostics", "DOTNET_TC_DelaySingleProcMultiplier"];

    private static readonly string[] Ours = ["orleans-sessions-silo", "orleans-sessions-frontend"];

    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Pods_Running_AskForTheirSettings_ListenAtTheirPorts_AndCanDoNothingElse(string name)
    {
        PlayedNode.Require();
        using var authority = new TestAuthority("OrleansSessions test authority");
        Overlay overlay = Overlay.Render(name);

        // Frontends wait for silos two minutes, which a busy machine may need to publish a silo.
        images.BuildAll();
        await using var node = new PlayedNode(overlay, images, Secrets.Make(overlay, authority));
        Record(node);

        await node.StartAsync();

        foreach (Pod pod in Ours.SelectMany(node.Pods))
        {
            AssertSettings(pod, node.Settings(pod), await File.ReadAllLinesAsync(node.Find(pod, "tmp", "recorded"), TestContext.Current.CancellationToken));
            AssertPorts(pod);
            await AssertProbesAsync(pod);
            await AssertConfinedAsync(pod);
        }
    }

    private static void Record(PlayedNode node)
    {
        string assembly = Repository.Source($"tests/Deploy.Tests/Recorder/bin/{Repository.Configuration}/net10.0/OrleansSessions.Recorder.dll");
        node.ExtraMounts.Add(new Mount(Path.GetDirectoryName(assembly)!, RecorderFolder, IsReadOnly: true));
        node.ExtraEnvironment["DOTNET_STARTUP_HOOKS"] = $"{RecorderFolder}/{Path.GetFileName(assembly)}";
        node.ExtraEnvironment["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = Path.GetFileNameWithoutExtension(assembly);
        node.ExtraEnvironment["Recorder"] = "/tmp/recorded";
        node.ExtraEnvironment[Misspelt] = "/nowhere";
    }

    private static void AssertSettings(Pod pod, IEnumerable<string> variables, string[] asked)
    {
        var names = asked.ToHashSet(StringComparer.OrdinalIgnoreCase);

        Assert.DoesNotContain(Setting(Misspelt), names);
        Assert.All(variables.Except(NotSettings), variable => Assert.True(names.Contains(Setting(variable)), $"{pod.Name} does not ask for {variable}."));
    }

    private static string Setting(string variable)
    {
        string prefix = new[] { "ASPNETCORE_", "DOTNET_" }.FirstOrDefault(prefix => variable.StartsWith(prefix, StringComparison.Ordinal)) ?? "";
        return variable[prefix.Length..].Replace("__", ":", StringComparison.Ordinal);
    }

    // The manifest's ports, and no other.
    private static void AssertPorts(Pod pod)
    {
        IEnumerable<int> listening = new[] { "tcp", "tcp6" }
            .SelectMany(table => File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pod.MainProcess}/net/{table}")).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == Listening)
            .Select(fields => int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            .Distinct();

        Assert.Equal(pod.Container.Ports.Select(port => port.ContainerPort).Order(), listening.Order());
    }

    private static async Task AssertProbesAsync(Pod pod)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{pod.Peer.Address}:8081") };
        foreach ((string name, k8s.Models.V1Probe probe) in pod.Container.Probes())
        {
            Assert.Equal(8081, pod.Container.Resolve(probe.HttpGet.Port));
            await Eventually.TrueAsync($"{pod.Name}: {name}", Soon, async () =>
            {
                using HttpResponseMessage response = await http.GetAsync(probe.HttpGet.Path, TestContext.Current.CancellationToken);
                return response.StatusCode == HttpStatusCode.OK;
            });
        }

        if (pod.Template.Metadata.Annotations is { } annotations)
        {
            var metrics = new UriBuilder(http.BaseAddress)
            {
                Port = int.Parse(annotations["prometheus.io/port"], CultureInfo.InvariantCulture),
                Path = annotations["prometheus.io/path"],
            };
            Assert.Contains("target_info", await http.GetStringAsync(metrics.Uri, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    private static async Task AssertConfinedAsync(Pod pod)
    {
        string[] status = await File.ReadAllLinesAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{pod.MainProcess}/status"), TestContext.Current.CancellationToken);

        Assert.Contains("Uid:\t1654\t1654\t1654\t1654", status);
        Assert.Contains("Gid:\t1654\t1654\t1654\t1654", status);
        Assert.Contains("CapEff:\t0000000000000000", status);
        Assert.Contains("CapBnd:\t0000000000000000", status);
        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.True(await pod.CanWriteAsync("/tmp/probe"));
        Assert.False(await pod.CanWriteAsync("/app/probe"));
        Assert.False(await pod.CanWriteAsync("/probe"));
        Assert.False(await pod.CanWriteAsync("/etc/orleans-sessions/redis/password"));
    }
}
