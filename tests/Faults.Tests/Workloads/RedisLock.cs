using System.Globalization;
using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Cluster;
using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>Key that Redis clients use as a lock, each over a connection to its own silo: SET with NX and PX, and compare-and-delete.</summary>
internal sealed class RedisLock(string name, int seed, Pace pace, IReadOnlyList<ServiceMember> silos, RequestLog log) : Subject(name, seed, pace), IDisposable
{
    private const string CompareAndDelete = "if redis.call('get',KEYS[1]) == ARGV[1] then return redis.call('del',KEYS[1]) else return 0 end";

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    private readonly RespClient[] _clients = [.. silos.Select(silo => new RespClient(silo, log))];
    private readonly string _key = SiloSettings.PlainPrefix + name + "-" + Guid.NewGuid().ToString("N");
    private int _owner;

    public override Task UseAsync(CancellationToken stop) => Task.WhenAll(_clients.Select(client => UseAsync(client, stop)));

    public override Task HauntAsync(CancellationToken stop) => Task.CompletedTask;

    public override Task FinishAsync() => Task.CompletedTask;

    public override Verdict Check(Loss? loss)
    {
        Verdict verdict = new();
        LockChecker.Check([.. History.Operations.Where(operation => loss is null || loss.IsBefore(operation) || loss.IsAfter(operation))], Lease, verdict);
        return verdict;
    }

    public void Dispose() => Array.ForEach(_clients, client => client.Dispose());

    private async Task UseAsync(RespClient client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await PauseAsync();
            if (IsReadOnly)
            {
                continue;
            }

            string owner = Interlocked.Increment(ref _owner).ToString(CultureInfo.InvariantCulture);
            string lease = Lease.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
            Operation acquired = await client.RunAsync(
                new Operation { Action = Action.Acquire, Value = owner, Invoked = 0 },
                static reply => reply is null ? Observation.Gone : reply == "OK" ? Observation.Done : null,
                ["SET", _key, owner, "NX", "PX", lease]);
            History.Add(acquired);
            if (acquired.IsAcknowledged)
            {
                await PauseAsync();
                History.Add(await client.RunAsync(
                    new Operation { Action = Action.Release, Value = owner, Invoked = 0 },
                    static reply => reply switch { "1" => Observation.Done, "0" => Observation.Gone, _ => null },
                    ["EVAL", CompareAndDelete, "1", _key, owner]));
            }
        }
    }
}
