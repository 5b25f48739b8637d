using System.Net;
using OrleansSessions.Deploy.Tests.Node;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>A program of the cluster in a network namespace of its own. It keeps its address when it is started again.</summary>
internal abstract class Member(string name, PodNamespace network) : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(150);

    private ChildProcess? _process;

    public string Name { get; } = name;

    public IPAddress Address => Network.Address;

    public PodNamespace Network { get; } = network;

    /// <summary>Whether its process runs, frozen or not.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Whether it shall run: the supervisor starts it again if it ends.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>How often its process ended although nothing had told it to.</summary>
    public int Ends { get; private set; }

    /// <summary>What the current process has printed.</summary>
    public string Output => _process?.Output ?? string.Empty;

    /// <summary>The arguments of its command.</summary>
    protected abstract IReadOnlyList<string> Arguments { get; }

    protected abstract IReadOnlyDictionary<string, string> Settings { get; }

    public void Start()
    {
        IsWanted = true;
        _process = ChildProcess.Start(Name, [.. Network.Enter, .. Arguments], Settings);
    }

    /// <summary>Whether it serves: asked over the network.</summary>
    public abstract Task<bool> IsReadyAsync();

    /// <summary>Starts it again if its process ended by itself.</summary>
    public async Task<bool> RestartIfEndedAsync()
    {
        if (!IsWanted || IsRunning)
        {
            return false;
        }

        Ends++;
        await DropProcessAsync();
        Start();
        return true;
    }

    /// <summary>Ends its process and waits for the end. It stays away until it is started.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> StopAsync(Signal signal)
    {
        IsWanted = false;
        Send(signal);
        TimeSpan took = await Eventually.TrueAsync($"{Name} ends after {signal}", StopTimeout, () => !IsRunning);
        await DropProcessAsync();
        return took;
    }

    public void Send(Signal signal) => _process?.Send(signal);

    public async ValueTask DisposeAsync()
    {
        IsWanted = false;
        await DropProcessAsync();
    }

    private async Task DropProcessAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }
}
