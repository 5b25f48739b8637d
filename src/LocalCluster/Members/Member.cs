using System.Globalization;
using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Logs;

namespace OrleansSessions.LocalCluster.Members;

/// <summary>One member of the cluster: starts its process, watches its readiness, restarts it if configured, and stops it.</summary>
internal sealed class Member : IDisposable
{
    /// <summary>Exit code of a member that requests a restart, such as a silo that was declared dead (sysexits.h, EX_TEMPFAIL).</summary>
    private const int TemporaryFailure = 75;

    private static readonly TimeSpan StartProbeInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    // A member that was asked to stop exits within ten seconds; this limit is for a hung one.
    private static readonly TimeSpan StopTimeLimit = TimeSpan.FromSeconds(12);

    // A member that has never been ready has no clients and nothing to save.
    private static readonly TimeSpan StartingStopTimeLimit = TimeSpan.FromSeconds(1);

    private readonly IChildProcessStarter _starter;
    private readonly IReadinessProbe _probe;
    private readonly TimeProvider _time;
    private readonly bool _restart;
    private readonly CancellationToken _forceStop;
    private readonly RestartDelay _delay = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answering = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile MemberStatus _status;
    private Task _running = Task.CompletedTask;

    /// <summary>
    /// Creates a member without starting it. With <paramref name="restart"/> it is restarted if it ends unexpectedly after it was ready. When
    /// <paramref name="forceStop"/> is cancelled, a stopping process is killed.
    /// </summary>
    public Member(
        MemberDefinition definition, LogFile log, IChildProcessStarter starter, IReadinessProbe probe, TimeProvider time, bool restart, CancellationToken forceStop)
    {
        Definition = definition;
        Log = log;
        _starter = starter;
        _probe = probe;
        _time = time;
        _restart = restart;
        _forceStop = forceStop;
        _status = new MemberStatus { Definition = definition, State = MemberState.Starting };
    }

    /// <summary>Raised for each new status, one at a time.</summary>
    public event Action<Member, MemberStatus>? Changed;

    public MemberDefinition Definition { get; }

    public LogFile Log { get; }

    public MemberStatus Status => _status;

    /// <summary>Completes when the member is first ready. Fails if its first process ends before that; is cancelled if it is stopped before that.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the member's process first responds, ready or not. Never completes if it does not.</summary>
    public Task Answering => _answering.Task;

    public void Start() => _running = RunAsync();

    /// <summary>Stops the member and waits until its process has ended.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        Log.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            long started = _time.GetTimestamp();
            int? exitCode;
            try
            {
                exitCode = await RunOnceAsync();
            }
            catch (ClusterStartException exception)
            {
                Log.WriteLine(exception.Message);
                _ready.TrySetException(exception);
                exitCode = null;
            }

            if (_stopping.IsCancellationRequested)
            {
                Publish(MemberState.Stopped, exitCode: exitCode);
                break;
            }

            if (!(_restart || exitCode == TemporaryFailure) || !_ready.Task.IsCompletedSuccessfully)
            {
                Publish(MemberState.Ended, exitCode: exitCode);
                break;
            }

            Publish(MemberState.Restarting, exitCode: exitCode);
            await Task.Delay(_delay.After(_time.GetElapsedTime(started)), _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_stopping.IsCancellationRequested)
        {
            Become(MemberState.Stopped);
            _ready.TrySetCanceled();
        }

        _ready.TrySetException(new ClusterStartException(string.Create(
            CultureInfo.InvariantCulture, $"{Definition.Name} ended with exit code {_status.ExitCode} before it was ready.")));
    }

    private async Task<int> RunOnceAsync()
    {
        using IChildProcess child = _starter.Start(Definition, Log);
        Publish(MemberState.Starting, child.Id);
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        Task probing = ProbeAsync(child.Id, watch.Token);
        Task exited = child.Exited;
        await exited.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await watch.CancelAsync();
        await probing;
        if (!exited.IsCompleted)
        {
            TimeSpan limit = _status.State is MemberState.Starting ? StartingStopTimeLimit : StopTimeLimit;
            Publish(MemberState.Stopping, child.Id);
            child.RequestStop();
            await exited.WaitAsync(limit, _time, _forceStop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!exited.IsCompleted)
            {
                child.Kill();
            }
        }

        return await child.Exited;
    }

    private async Task ProbeAsync(int processId, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                MemberHealth health = await _probe.AskAsync(Definition.Url, cancellationToken);
                if (health != MemberHealth.Silent)
                {
                    _answering.TrySetResult();
                }

                if (health == MemberHealth.Ready)
                {
                    Become(MemberState.Ready, processId);
                    _ready.TrySetResult();
                }
                else if (_status.State is MemberState.Ready)
                {
                    Become(MemberState.NotReady, processId);
                }

                await Task.Delay(_status.State is MemberState.Starting ? StartProbeInterval : ProbeInterval, _time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process has ended, or is about to.
        }
    }

    private void Become(MemberState state, int? processId = null)
    {
        if (_status.State != state)
        {
            Publish(state, processId);
        }
    }

    private void Publish(MemberState state, int? processId = null, int? exitCode = null)
    {
        var status = new MemberStatus { Definition = Definition, State = state, ProcessId = processId, ExitCode = exitCode };
        _status = status;
        Changed?.Invoke(this, status);
    }
}
