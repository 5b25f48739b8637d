using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using k8s.Models;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Pod from start to end, managed like a kubelet does: probes, preStop, SIGTERM, grace period.</summary>
internal sealed class Pod : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly V1PodSpec _spec;
    private readonly PodNamespace _network;
    private readonly ChildProcess _process;
    private readonly Prober _prober;
    private readonly Stopwatch _age = Stopwatch.StartNew();
    private Task _life = Task.CompletedTask;

    public Pod(string name, string workload, V1PodTemplateSpec template, Peer peer, PodNamespace network, IReadOnlyList<string> command)
    {
        (Name, Workload, Template, Peer) = (name, workload, template, peer);
        _spec = template.Spec;
        _network = network;
        _process = ChildProcess.Start(name, command);
        _prober = new Prober(Container, peer.Address, probe => [.. Sandbox.Join(MainProcess, _spec), .. probe]);
    }

    public string Name { get; }

    /// <summary>The Deployment or StatefulSet it belongs to.</summary>
    public string Workload { get; }

    public V1PodTemplateSpec Template { get; }

    public Peer Peer { get; }

    public V1Container Container => _spec.Containers.Single();

    /// <summary>Whether its readiness probe succeeds and it is not terminating; only then Services route to it.</summary>
    public bool IsReady { get; private set; }

    public bool IsTerminating { get; private set; }

    public bool IsGone { get; private set; }

    /// <summary>The time until it was ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>Unexpected events: a crash, a failed liveness probe, a kill at the end of the grace period.</summary>
    public IEnumerable<string> Faults => _faults.Select(fault => $"{Name}: {fault}");

    public string Output => _process.Output;

    /// <summary>The host's id of the process that is 1 inside.</summary>
    public int MainProcess
    {
        get
        {
            string children = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/task/{_process.Id}/children"));
            return int.Parse(children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Single(), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Describes what its processes wait for and their output, to explain why it is not ready.</summary>
    public string Describe()
    {
        IEnumerable<string> processes = _process.Processes.Select(process => string.Create(
            CultureInfo.InvariantCulture,
            $"  {process.Id} {File.ReadAllText($"/proc/{process.Id}/comm").Trim()}: {File.ReadAllText($"/proc/{process.Id}/wchan")}"));
        return $"{Name} (terminating: {IsTerminating}, after {_age.Elapsed.TotalSeconds:0} s)\n{string.Join('\n', processes)}\n{Output}";
    }

    /// <summary>Applies network rules.</summary>
    public void Apply(string rules)
    {
        lock (_network)
        {
            if (!IsGone)
            {
                _network.Apply("inet policies", rules);
            }
        }
    }

    /// <summary>Whether an address can be reached from the pod.</summary>
    public async Task<bool> CanReachAsync(System.Net.IPAddress address, int port) => await _network.CanReachAsync(address, port);

    /// <summary>Whether the program could write a file.</summary>
    public async Task<bool> CanWriteAsync(string path) =>
        (await Command.TryRunAsync(TimeSpan.FromSeconds(60), [.. Sandbox.Join(MainProcess, _spec), "touch", path])).ExitCode == 0;

    public void Begin() => _life = LiveAsync();

    /// <summary>Terminates it like a deleted pod.</summary>
    public async Task TerminateAsync()
    {
        TimeSpan grace = TimeSpan.FromSeconds(_spec.TerminationGracePeriodSeconds ?? 30);
        var watch = Stopwatch.StartNew();
        IsTerminating = true;
        IsReady = false;
        if (Container.Lifecycle?.PreStop?.Sleep?.Seconds is { } seconds)
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds));
        }

        await _end.CancelAsync();
        await _life;
        LiveProcess.Find(MainProcess)?.Send(Signal.Terminate);
        try
        {
            await Eventually.TrueAsync($"{Name} ends", grace - watch.Elapsed, () => _process.HasExited);
            if (_process.ExitCode != 0)
            {
                _faults.Enqueue($"exit code {_process.ExitCode}");
            }
        }
        catch (TimeoutException)
        {
            _faults.Enqueue("was killed at the end of its grace");
        }

        await RemoveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _life;
        await RemoveAsync();
        _end.Dispose();
    }

    private async Task RemoveAsync()
    {
        if (!IsGone)
        {
            await _process.DisposeAsync();
            lock (_network)
            {
                IsGone = true;
                _network.Dispose();
            }
        }
    }

    private async Task LiveAsync()
    {
        Task crash = WatchProcessAsync();
        try
        {
            if (await _prober.UntilAsync(Container.StartupProbe, _end.Token))
            {
                await Task.WhenAll(WatchReadinessAsync(), WatchLivenessAsync());
            }
            else
            {
                _faults.Enqueue($"did not start\n{Output}");
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
        }

        await crash;
    }

    private async Task WatchProcessAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                if (_process.HasExited)
                {
                    IsReady = false;
                    _faults.Enqueue($"ended by itself, exit code {_process.ExitCode}\n{Output}");
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private Task WatchReadinessAsync() => _prober.WatchAsync(Container.ReadinessProbe, _end.Token, isReady =>
    {
        if (isReady && ReadyAfter == TimeSpan.Zero)
        {
            ReadyAfter = _age.Elapsed;
        }

        IsReady = isReady && !IsTerminating;
    });

    private Task WatchLivenessAsync() => _prober.WatchAsync(Container.LivenessProbe, _end.Token, isAlive =>
    {
        if (!isAlive)
        {
            _faults.Enqueue("was not live");
        }
    });
}
