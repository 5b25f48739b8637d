using System.Globalization;
using OrleansSessions.LocalCluster.Balancing;
using OrleansSessions.LocalCluster.Demo;
using OrleansSessions.LocalCluster.Display;
using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Logs;
using OrleansSessions.LocalCluster.Members;
using OrleansSessions.LocalCluster.Options;
using OrleansSessions.LocalCluster.Status;
using OrleansSessions.LocalCluster.Store;

namespace OrleansSessions.LocalCluster;

/// <summary>A running local cluster: starts all parts in order, keeps balancer, status file and display up to date, and stops in reverse order.</summary>
internal sealed class Cluster
{
    private static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopHeadStart = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly LoadBalancer _balancer;
    private readonly RespBalancer? _resp;
    private readonly IClusterStore _store;
    private readonly IReadOnlyList<Member> _members;
    private readonly StatusFile? _statusFile;
    private readonly IClusterDisplay _display;
    private bool _open;
    private bool _opened;

    private Cluster(
        LoadBalancer balancer, RespBalancer? resp, IClusterStore store, IReadOnlyList<Member> members, StatusFile? statusFile, IClusterDisplay display)
    {
        _balancer = balancer;
        _resp = resp;
        _store = store;
        _members = members;
        _statusFile = statusFile;
        _display = display;
        foreach (Member member in members)
        {
            member.Changed += OnChanged;
        }
    }

    /// <summary>The page of a demo to run; null: none.</summary>
    private DemoPage? Demo { get; init; }

    /// <summary>Runs a cluster until <paramref name="stop"/>; <paramref name="forceStop"/> cuts the graceful stop short.</summary>
    /// <exception cref="ClusterStartException">The cluster could not start; nothing is left running.</exception>
    public static async Task RunAsync(ClusterOptions options, IClusterDisplay display, CancellationToken stop, CancellationToken forceStop)
    {
        var time = TimeProvider.System;
        using var ports = new LoopbackPorts();
        using var data = DataDirectory.Open(options.DataDirectory);
        display.Say($"data: {data.Path}");
        display.Say($"logs: {data.Logs}");
        using var balancerLog = new LogFile(data.LogOf("balancer"), time);
        DemoPage? page = options.Demo ? new DemoPage() : null;
        await using var balancer = await LoadBalancer.StartAsync(options.Port == 0 ? ports.Next() : options.Port, balancerLog, page is null ? null : page.Map);
        await using RespBalancer? resp = options.RespPort == 0 ? null : await RespBalancer.StartAsync(options.RespPort, balancerLog);
        using var storeLog = new LogFile(data.LogOf("store"), time);
        await using IClusterStore store = options.Redis is null
            ? EmbeddedStore.Start(data.Store, options.StorePort == 0 ? ports.Next() : LoopbackPorts.Take(options.StorePort, "--store-port"), storeLog)
            : new ExternalStore(options.Redis);
        display.Say($"store: {store.Description} at {store.Address}");
        if (resp is not null)
        {
            display.Say($"resp: {resp.Address}");
        }

        using var probe = new HttpReadinessProbe();
        var starter = new DotnetProcessStarter();
        Member[] members =
        [
            .. new MemberPlan(options, store, data.UserKeySecret, new BuiltMemberAssemblies(), ports.Next).Members().Select(definition =>
                new Member(definition, new LogFile(data.LogOf(definition.Name), time), starter, probe, time, options.Restart, forceStop)),
        ];
        try
        {
            using StatusFile? statusFile = options.StatusFile is null ? null : StatusFile.Open(options.StatusFile);
            await new Cluster(balancer, resp, store, members, statusFile, display) { Demo = page }.RunAsync(stop, forceStop);
        }
        finally
        {
            foreach (Member member in members)
            {
                member.Dispose();
            }
        }
    }

    private async Task RunAsync(CancellationToken stop, CancellationToken forceStop)
    {
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task started = StartMembersAsync(starting.Token);
        try
        {
            if (await WaitUntilReadyAsync(stop))
            {
                Open(true);
                _display.Say($"ready: {_balancer.Url.GetLeftPart(UriPartial.Authority)}{(Demo is null ? "" : DemoPage.Path)}");
                await (Demo is null ? Task.Delay(Timeout.Infinite, stop) : RunDemoAsync(Demo, stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            _display.Say("stopping");
        }
        finally
        {
            Open(false);
            await starting.CancelAsync();
            await started;
            await Task.WhenAll(_balancer.StopAsync(forceStop), _resp?.StopAsync(forceStop) ?? Task.CompletedTask);
            await StopMembersAsync(member => member.Definition.Role is MemberRole.Frontend);
            await StopMembersAsync(member => member.Definition.Role is MemberRole.Silo);
        }
    }

    private async Task RunDemoAsync(DemoPage page, CancellationToken stop)
    {
        using var demo = new DemoRun(_balancer.Url, _members, _display);
        page.Show(demo);
        await demo.RunAsync(stop);
    }

    // Start silos one after the other. Silos that join at the same moment contend for the membership table, and the losers wait several seconds before they retry.
    // A silo that responds joins within a second or two, which is less than the next one takes to load.
    private async Task StartMembersAsync(CancellationToken cancellationToken)
    {
        foreach (Member member in _members.Where(member => member.Definition.Silo is null))
        {
            member.Start();
        }

        foreach (Member member in _members.Where(member => member.Definition.Silo is not null))
        {
            member.Start();
            Task answeringOrEnded = Task.WhenAny(member.Answering, member.Ready);
            await answeringOrEnded.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!member.Answering.IsCompletedSuccessfully)
            {
                return;
            }
        }
    }

    private async Task StopMembersAsync(Func<Member, bool> predicate)
    {
        var stopped = new List<Task>();
        foreach (Member member in _members.Where(predicate))
        {
            Task stop = member.StopAsync();
            stopped.Add(stop);
            if (member.Definition.Silo is not null)
            {
                // A hung member must not delay the others.
                await Task.WhenAny(stop, Task.Delay(StopHeadStart));
            }
        }

        await Task.WhenAll(stopped);
    }

    private async Task<bool> WaitUntilReadyAsync(CancellationToken stop)
    {
        // Fail on the first failure: the other members may never become ready because of it.
        Dictionary<Task, Member> waiting = _members.ToDictionary(member => member.Ready);
        Task slow = Task.Delay(SlowStart, stop);
        while (waiting.Count > 0)
        {
            Task done = await Task.WhenAny(waiting.Keys.Append(slow));
            if (stop.IsCancellationRequested)
            {
                return false;
            }

            if (done == slow)
            {
                WarnOfSlowStart([.. waiting.Values.Where(static member => member.Status.ProcessId is not null)]);
                slow = Task.Delay(Timeout.Infinite, stop);
                continue;
            }

            waiting.Remove(done);
            await done;
        }

        return true;
    }

    /// <summary>Shows the log of one member: the others wait for the same, or for it. Frontends wait for silos.</summary>
    private void WarnOfSlowStart(Member[] members)
    {
        if (members.OrderBy(static member => member.Definition.Silo is null).FirstOrDefault() is { } first)
        {
            string others = string.Join(", ", members.Where(member => member != first).Select(static member => member.Status.Name));
            string tooBusy = string.Create(CultureInfo.InvariantCulture, $"is not ready after {SlowStart.TotalSeconds} s; a busy machine may need longer.");
            _display.Warn(Describe(first, others.Length > 0 ? $"{tooBusy} Also not ready: {others}." : tooBusy));
        }
    }

    private void OnChanged(Member member, MemberStatus status)
    {
        bool isKilledByDemo = Demo is not null && member.Definition.Silo is not null;
        if (!isKilledByDemo && status.State is (MemberState.Restarting or MemberState.Ended))
        {
            // A killed process left no last words.
            string ending = MemberText.Ending(status);
            _display.Warn(status.ExitCode is not MemberText.KilledExitCode ? Describe(member, $"{ending}, unexpectedly.")
                : status.State is MemberState.Restarting ? $"{status.Name} {ending}, and is starting again."
                : $"{status.Name} {ending}. The others go on; it stays dead. With --restart it is started again.");
        }

        Update();
    }

    private void Open(bool open)
    {
        lock (_lock)
        {
            _open = open;
            _opened |= open;
        }

        Update();
    }

    private void Update()
    {
        // Publish under the lock, so that the last published view is the latest.
        lock (_lock)
        {
            var view = new ClusterView
            {
                Url = _balancer.Url,
                Resp = _resp?.Address,
                Store = _store,
                Members = [.. _members.Select(member => member.Status)],
                Open = _open,
            };
            _balancer.Use(
                from member in view.Members
                where member.Definition.Role is MemberRole.Frontend && member.IsServing
                select (member.Name, member.Definition.Url));
            _resp?.Use(view.RespEndpoints());
            if (_opened)
            {
                WriteStatus(view);
            }

            _display.Show(view);
        }
    }

    private void WriteStatus(ClusterView view)
    {
        try
        {
            _statusFile?.Write(view.ToStatus());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _display.Warn($"the status file could not be written: {exception.Message}");
        }
    }

    private static string Describe(Member member, string what)
    {
        string tail = string.Concat(member.Log.Tail.Select(line => $"{Environment.NewLine}    {line}"));
        return $"{member.Status.Name} {what} The last lines of {member.Log.Path}:{(tail.Length > 0 ? tail : " none")}";
    }
}
