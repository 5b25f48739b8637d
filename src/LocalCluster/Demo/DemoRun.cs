using OrleansSessions.LocalCluster.Display;
using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Demo;

/// <summary>The demo while the cluster is open: visitors shop, silos are killed, and the page shows both.</summary>
internal sealed class DemoRun : IDisposable
{
    private readonly IReadOnlyList<Member> _silos;
    private readonly Shoppers _shoppers;
    private readonly SiloKiller _killer;

    public DemoRun(Uri shop, IEnumerable<Member> members, IClusterDisplay display)
    {
        _silos = [.. members.Where(static member => member.Definition.Silo is not null)];
        _shoppers = new Shoppers(shop, display.Warn);
        _killer = new SiloKiller(_silos, TimeProvider.System, display.Say);
    }

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(_shoppers.RunAsync(stop), _killer.RunAsync(stop));

    public DemoState Read()
    {
        (long requests, long failed, long lost, long slowest, IReadOnlyList<DemoVisitor> visitors) = _shoppers.Read();
        return new DemoState
        {
            Requests = requests,
            Failed = failed,
            Lost = lost,
            SlowestMs = slowest,
            Kills = _killer.Kills,
            NextKillSeconds = Math.Max(0, (int)Math.Ceiling(_killer.Left.TotalSeconds)),
            Silos = [.. _silos.Select(static silo => silo.Status).Select(static silo =>
                new DemoSilo(silo.Name, MemberText.State(silo), silo.State == MemberState.Ready, silo.ProcessId))],
            Visitors = visitors,
        };
    }

    public void Dispose() => _shoppers.Dispose();
}
