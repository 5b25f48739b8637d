using System.Net;
using OrleansSessions.Deploy.Tests.Node;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>Program of the cluster in its own network namespace. It keeps its address when it is restarted.</summary>
internal abstract class Member(string name, PodNamespace network) : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(150);

    private readonly SemaphoreSlim _turn = new(1);
    private ChildProcess? _process;

    public string Name { get; } = name;

    public IPAddress Address => Network.Address;

    public PodNamespace Network { get; } = network;

    /// <summary>Whether its process runs, frozen or not.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Whether clients are routed to it.</summary>
    public bool IsInService { get; set; } = true;

    /// <summary>How often its process ended unexpectedly.</summary>
    public int Ends { get; private set; }

    /// <summary>The arguments of its command.</summary>
    protected abstract IReadOnlyList<string> Arguments { get; }

    protected abstract IReadOnlyDictionary<string, string> Settings { get; }

    // Whether the supervisor restarts it if it ends.
    private bool IsWanted { get; set; }

    /// <summary>Whether it is ready, checked over the network.</summary>
    public abstract Task<bool> IsReadyAsync();

    /// <summary>Starts it if it is not running.</summary>
    public void Start()
    {
        _turn.Wait();
        try
        {
            StartProcess();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Restarts it if its process ended by itself.</summary>
    public async Task RestartIfEndedAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (IsWanted && !IsRunning)
            {
                Ends++;
                await DropProcessAsync();
                StartProcess();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops its process and waits for its end. It stays down until it is started.</summary>
    /// <returns>The time it took.</returns>
    public async Task<TimeSpan> StopAsync(Signal signal)
    {
        await _turn.WaitAsync();
        try
        {
            IsWanted = false;
            Send(signal);
            TimeSpan took = await Eventually.TrueAsync($"{Name} ends after {signal}", StopTimeout, () => !IsRunning);
            await DropProcessAsync();
            return took;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Send(Signal signal) => _process?.Send(signal);

    /// <inheritdoc cref="ChildProcess.FreezeAsync"/>
    public Task FreezeAsync() => _process?.FreezeAsync() ?? Task.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        IsWanted = false;
        await DropProcessAsync();
        _turn.Dispose();
    }

    private void StartProcess()
    {
        IsWanted = true;
        if (!IsRunning)
        {
            _process = ChildProcess.Start(Name, [.. Network.Enter, .. Arguments], Settings);
        }
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
