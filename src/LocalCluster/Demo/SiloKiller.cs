using System.ComponentModel;
using System.Diagnostics;
using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Demo;

/// <summary>Kills a silo now and then, as <c>kill -9</c> does, while another one is ready.</summary>
internal sealed class SiloKiller(IReadOnlyList<Member> silos, TimeProvider time, Action<string> say)
{
    /// <summary>Time from one kill to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private const int Shown = 20;

    private readonly Lock _lock = new();
    private readonly Queue<DemoKill> _kills = [];
    private long _nextAt;

    /// <summary>The latest kills, oldest first.</summary>
    public IReadOnlyList<DemoKill> Kills
    {
        get
        {
            lock (_lock)
            {
                return [.. _kills];
            }
        }
    }

    /// <summary>Time until the next kill.</summary>
    public TimeSpan Left => time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _nextAt));

    public async Task RunAsync(CancellationToken stop)
    {
        for (int next = 0; ; next++)
        {
            Volatile.Write(ref _nextAt, time.GetTimestamp() + (long)(Interval.TotalSeconds * time.TimestampFrequency));
            await Task.Delay(Interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            // A visitor must find a silo: wait for the last one that was killed.
            if (silos.All(static silo => silo.Status.State == MemberState.Ready) && silos[next % silos.Count].Status is { ProcessId: { } id } victim)
            {
                Kill(victim.Name, id);
            }
        }
    }

    private void Kill(string name, int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has just ended by itself, which the launcher reports.
            return;
        }

        say($"demo: killed {name} (kill -9 {processId})");
        lock (_lock)
        {
            _kills.Enqueue(new DemoKill(time.GetUtcNow(), name));
            if (_kills.Count > Shown)
            {
                _kills.Dequeue();
            }
        }
    }
}
