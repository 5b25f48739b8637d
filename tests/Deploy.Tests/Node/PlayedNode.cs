using System.Globalization;
using System.Net;
using k8s.Models;
using OrleansSessions.Deploy.Tests.Docker;
using OrleansSessions.Deploy.Tests.Kubernetes;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Simulated single-node Kubernetes cluster that runs an overlay with real processes on this machine, as far as the manifests can tell.</summary>
internal sealed class PlayedNode : IAsyncDisposable
{
    private static readonly TimeSpan ChangeTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // The environment of our base image: a program must not depend on it for its ports.
    private static readonly Dictionary<string, string> BaseEnvironment = new()
    {
        ["ASPNETCORE_HTTP_PORTS"] = "8080",
        ["DOTNET_RUNNING_IN_CONTAINER"] = "true",
    };

    private readonly TemporaryFolder _folder = new();
    private readonly PodNetwork _network = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<Pod> _pods = [];
    private readonly List<Pod> _past = [];
    private readonly List<Task> _endings = [];
    private readonly Dictionary<string, Workload> _workloads = [];
    private readonly List<Peer> _strangers = [];
    private readonly Overlay _overlay;
    private readonly Images _images;
    private readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> _secrets;
    private readonly NetworkPolicies _policies;
    private Task _control = Task.CompletedTask;
    private string _ready = "";
    private int _started;

    public PlayedNode(Overlay overlay, Images images, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> secrets)
    {
        _overlay = overlay;
        _images = images;
        _secrets = secrets;
        _policies = new NetworkPolicies(overlay.All<V1NetworkPolicy>());
        File.WriteAllText(_folder.File("nsswitch.conf"), "hosts: files\n");
        File.WriteAllText(_folder.File("hosts"), "127.0.0.1 localhost\n");
        foreach (V1StatefulSet set in overlay.All<V1StatefulSet>())
        {
            _workloads[set.Metadata.Name] = new Workload(set.Metadata.Name, set.Spec.Template, set.Spec.Replicas ?? 1, maxSurge: 0, maxUnavailable: 1);
        }

        foreach (V1Deployment deployment in overlay.All<V1Deployment>())
        {
            int replicas = deployment.Spec.Replicas
                ?? overlay.All<V2HorizontalPodAutoscaler>().Single(autoscaler => autoscaler.Spec.ScaleTargetRef.Name == deployment.Metadata.Name).Spec.MinReplicas!.Value;
            V1RollingUpdateDeployment rolling = deployment.Spec.Strategy.RollingUpdate;
            _workloads[deployment.Metadata.Name] = new Workload(
                deployment.Metadata.Name, deployment.Spec.Template, replicas, Number(rolling.MaxSurge), Number(rolling.MaxUnavailable));
        }
    }

    /// <summary>nginx, if the overlay has an Ingress.</summary>
    public IngressController? Ingress { get; private set; }

    /// <summary>All unexpected events of any pod so far.</summary>
    public IReadOnlyList<string> Faults => [.. _pods.Concat(_past).SelectMany(pod => pod.Faults)];

    /// <summary>Variables added to all our containers.</summary>
    public Dictionary<string, string> ExtraEnvironment { get; } = [];

    /// <summary>Mounts added to the containers' volumes.</summary>
    public List<Mount> ExtraMounts { get; } = [];

    /// <summary>Skips the running test if the machine can't simulate a node.</summary>
    public static void Require()
    {
        foreach (string tool in (string[])["bwrap", "nft", "ip", "nsenter", "setpriv", Tools.Nginx, Tools.RedisServer])
        {
            Tools.Require(tool);
        }

        Assert.SkipUnless(Environment.IsPrivilegedProcess || Tools.IsContinuousIntegration, "Network namespaces are made by root only.");
    }

    /// <summary>Starts everything, and waits until all pods are ready.</summary>
    public async Task StartAsync()
    {
        foreach (V1Ingress ingress in _overlay.All<V1Ingress>())
        {
            Ingress = new IngressController(ingress, _secrets[ingress.Spec.Tls.Single().SecretName], _network.Add());
            _strangers.Add(Ingress.Peer);
            await Eventually.TrueAsync("nginx listens", TimeSpan.FromSeconds(60), Ingress.Listens);
        }

        _control = Task.Run(ControlAsync);
        await UntilDoneAsync();
    }

    /// <summary>Returns the pods of a Deployment or StatefulSet that are not terminating.</summary>
    public IReadOnlyList<Pod> Pods(string workload)
    {
        lock (_pods)
        {
            return [.. _pods.Where(pod => pod.Workload == workload && !pod.IsTerminating)];
        }
    }

    /// <summary>Returns the variables that the image and the manifest set in a pod's container.</summary>
    public IEnumerable<string> Settings(Pod pod) =>
        PodEnvironment.Resolve(pod.Container, pod.Name, pod.Peer, _overlay, _secrets).Keys.Union(_images.Find(pod.Container.Image)?.Dockerfile.Environment.Keys ?? []);

    /// <summary>Adds a foreign pod, which policies may or may not mention. It ends with the node.</summary>
    public PodNamespace AddStranger(string space, params (string Name, string Value)[] labels)
    {
        lock (_pods)
        {
            PodNamespace network = _network.Add();
            _strangers.Add(new Peer(space, labels.ToDictionary(label => label.Name, label => label.Value), network.Address));
            ApplyPolicies();
            return network;
        }
    }

    /// <summary>Sets the number of pods, and waits until it is reached.</summary>
    public Task ScaleAsync(string workload, int replicas)
    {
        lock (_pods)
        {
            _workloads[workload].Replicas = replicas;
        }

        return UntilDoneAsync();
    }

    /// <summary>Rolls all pods of a Deployment to another image, and waits until it is done.</summary>
    public Task RollAsync(string workload, string tag)
    {
        lock (_pods)
        {
            V1PodTemplateSpec template = k8s.KubernetesJson.Deserialize<V1PodTemplateSpec>(k8s.KubernetesJson.Serialize(_workloads[workload].Template));
            V1Container container = template.Spec.Containers.Single();
            container.Image = $"{container.Image[..container.Image.LastIndexOf(':')]}:{tag}";
            _workloads[workload].Template = template;
        }

        return UntilDoneAsync();
    }

    /// <summary>Returns the node's path of a file in a pod's volume.</summary>
    public string Find(Pod pod, string volume, string file) => Path.Combine(_folder.File(pod.Name), volume, file);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _control;
        }
        finally
        {
            await Task.WhenAll(_pods.Select(pod => pod.DisposeAsync().AsTask()));
            await Task.WhenAll(_endings);
            if (Ingress is not null)
            {
                await Ingress.DisposeAsync();
            }

            _network.Dispose();
            _folder.Dispose();
            _end.Dispose();
        }
    }

    private static int Number(IntOrString text) => int.Parse(text.Value, CultureInfo.InvariantCulture);

    private async Task UntilDoneAsync()
    {
        try
        {
            await Eventually.TrueAsync("all pods are as specified", ChangeTimeout, () =>
            {
                lock (_pods)
                {
                    return _control.IsFaulted || Faults.Count > 0 || _workloads.Values.All(workload => workload.IsDone(_pods));
                }
            });
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{string.Join('\n', _pods.Where(pod => !pod.IsReady).Select(pod => pod.Describe()))}", late);
        }

        if (_control.IsFaulted)
        {
            await _control;
        }

        Assert.Empty(Faults);
    }

    private async Task ControlAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                lock (_pods)
                {
                    Step();
                }
            }
            while (await timer.WaitForNextTickAsync(_end.Token));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
        }
    }

    private void Step()
    {
        bool isChanged = false;
        foreach (Pod gone in _pods.Where(pod => pod.IsGone).ToArray())
        {
            _pods.Remove(gone);
            _past.Add(gone);
            isChanged = true;
        }

        foreach (Workload workload in _workloads.Values)
        {
            (bool add, Pod? end) = workload.Next(_pods);
            if (add)
            {
                Add(workload);
            }
            else if (end is not null)
            {
                _endings.Add(end.TerminateAsync());
            }
        }

        if (isChanged)
        {
            ApplyPolicies();
        }

        SetEndpoints();
    }

    private void Add(Workload workload)
    {
        V1PodTemplateSpec template = workload.Template;
        V1Container container = template.Spec.Containers.Single();
        string name = string.Create(CultureInfo.InvariantCulture, $"{workload.Name}-{_started++}");
        PodNamespace network = _network.Add();
        var peer = new Peer("orleans-sessions", template.Metadata.Labels, network.Address, container);
        foreach (V1Service service in _overlay.All<V1Service>().Where(service => service.Spec.ClusterIP == "None" && service.Spec.Selector.Matches(peer.Labels)))
        {
            // Write in place, because the file is mounted.
            File.AppendAllText(_folder.File("hosts"), $"{peer.Address} {service.Metadata.Name}\n");
        }

        ContainerImage? image = _images.Find(container.Image);
        Dictionary<string, string> environment = image is null ? [] : new(BaseEnvironment);
        foreach ((string key, string value) in (image?.Dockerfile.Environment ?? new Dictionary<string, string>())
            .Concat(PodEnvironment.Resolve(container, name, peer, _overlay, _secrets)).Concat(image is null ? [] : ExtraEnvironment))
        {
            environment[key] = value;
        }

        IReadOnlyList<Mount> mounts = [.. new PodVolumes(_overlay, _secrets, _folder.File(name)).Make(template.Spec), .. ExtraMounts];
        IReadOnlyList<string> command = Sandbox.Enclose(network, template.Spec, image, environment, mounts, name, _folder.Path);
        ApplyPolicies(peer, network);
        var pod = new Pod(name, workload.Name, template, peer, network, command);
        _pods.Add(pod);
        pod.Begin();
    }

    private void ApplyPolicies(Peer? added = null, PodNamespace? network = null)
    {
        Peer[] peers = [.. _pods.Select(pod => pod.Peer).Concat(_strangers).Concat(added is null ? [] : [added])];
        if (added is not null)
        {
            network!.Apply("inet policies", _policies.Rules(added, peers));
        }

        foreach (Pod pod in _pods.Where(pod => !pod.IsGone))
        {
            pod.Apply(_policies.Rules(pod.Peer, peers));
        }
    }

    private void SetEndpoints()
    {
        if (Ingress is null)
        {
            return;
        }

        V1IngressServiceBackend backend = _overlay.All<V1Ingress>().Single().Spec.Rules.Single().Http.Paths.Single().Backend.Service;
        V1Service service = _overlay.Get<V1Service>(backend.Name);
        IPEndPoint[] endpoints =
        [
            .. _pods.Where(pod => pod.IsReady && service.Spec.Selector.Matches(pod.Peer.Labels))
                .Select(pod => new IPEndPoint(pod.Peer.Address, pod.Container.Resolve(service.Spec.Ports.Single(port => port.Name == backend.Port.Name).TargetPort))),
        ];
        string ready = string.Join(',', endpoints.Select(endpoint => endpoint.ToString()));
        if (ready != _ready)
        {
            _ready = ready;
            Ingress.SetEndpoints(endpoints);
        }
    }
}
