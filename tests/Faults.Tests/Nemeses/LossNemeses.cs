using System.Diagnostics;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Cluster;

namespace OrleansSessions.Faults.Tests.Nemeses;

/// <summary>Redis faults that lose acknowledged data, or would if the wrong server were read.</summary>
internal static class LossNemeses
{
    // Time allowed for silos to notice.
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WholeTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadAll = TimeSpan.FromSeconds(3);

    private static readonly Layout Pair = new() { Redis = RedisTopology.Pair };
    private static readonly Layout Sentinel = new() { Redis = RedisTopology.Sentinel };

    public static IReadOnlyList<Nemesis> All { get; } =
    [
        new("redis-empty", "Redis emptied", scene => scene.ExcuseAsync(Recovery, () => EmptyAsync(scene))),
        new("redis-empty-kill", "Redis emptied, and a silo killed", scene => scene.ExcuseAsync(Recovery, () => EmptyAndKillAsync(scene))),
        new("redis-rollback", "Redis rolled back to an older copy", scene => scene.ExcuseAsync(Recovery, () => RollBackAsync(scene))),
        new("replica-lag", "primary away, its replica lags behind", scene => scene.ExcuseAsync(Recovery, () => LagAsync(scene))) { Layout = Pair },
        new("failover", "the replica is promoted", scene => scene.ExcuseAsync(Recovery, () => PromoteAsync(scene))) { Layout = Pair, Slowest = Recovery },
        new("sentinel", "failover by sentinels", scene => scene.ExcuseAsync(Recovery, () => FailOverAsync(scene))) { Layout = Sentinel, Slowest = Recovery },
    ];

    private static async Task EmptyAsync(Scene scene)
    {
        long from = Stopwatch.GetTimestamp();
        scene.Say($"FLUSHALL: {await scene.Cluster.Redis.AskAsync("FLUSHALL")}");
        await Task.Delay(Notice);
        await scene.Cluster.UntilWholeAsync(WholeTimeout);
        scene.Loss = new Loss(from, Stopwatch.GetTimestamp());
        scene.Say("the loss should be noticed");
        await Task.Delay(ReadAll);
    }

    // The returning silo finds an empty member list, and could continue on its own.
    private static async Task EmptyAndKillAsync(Scene scene)
    {
        long from = Stopwatch.GetTimestamp();
        scene.Say($"FLUSHALL: {await scene.Cluster.Redis.AskAsync("FLUSHALL")}");
        await SiloNemeses.KillAsync(scene, scene.AnySilo());
        await Task.Delay(Notice);
        await scene.Cluster.UntilWholeAsync(WholeTimeout);
        scene.Loss = new Loss(from, Stopwatch.GetTimestamp());
        scene.Say("the loss should be noticed");
        await Task.Delay(ReadAll);
    }

    private static async Task RollBackAsync(Scene scene)
    {
        RedisMember redis = scene.Cluster.Redis;
        long begun = Stopwatch.GetTimestamp();
        using var copy = new TemporaryFolder();
        Copy(redis.Folder, copy.Path);
        (long, long) copied = (begun, Stopwatch.GetTimestamp());
        scene.Say("a copy is made");
        await Task.Delay(TimeSpan.FromSeconds(5));
        scene.Workload.IsReadOnly = true;
        await Task.Delay(TimeSpan.FromSeconds(1));
        long from = Stopwatch.GetTimestamp();
        scene.Say("Redis is killed");
        await redis.StopAsync(Signal.Kill);
        foreach (string folder in Directory.GetDirectories(redis.Folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Copy(copy.Path, redis.Folder);
        await RedisNemeses.StartAsync(scene);
        await Task.Delay(Notice);
        await scene.Cluster.UntilWholeAsync(WholeTimeout);
        scene.Loss = new Loss(from, Stopwatch.GetTimestamp(), copied);
        scene.Say("the loss should be noticed");
        await Task.Delay(ReadAll);
        scene.Workload.IsReadOnly = false;
        await Task.Delay(ReadAll);
    }

    // Nothing is lost, because the primary returns. Only reads from the replica would show old data.
    private static async Task LagAsync(Scene scene)
    {
        scene.Cluster.Cuts.Between(scene.Cluster.Redis, scene.Cluster.Replica!);
        scene.Say("the replica is cut from the primary");
        await Task.Delay(TimeSpan.FromSeconds(4));
        scene.Say("the primary is killed");
        await scene.Cluster.Redis.StopAsync(Signal.Kill);
        await Task.Delay(scene.Between(3, 8));
        await RedisNemeses.StartAsync(scene);
        await Task.Delay(TimeSpan.FromSeconds(2));
        scene.Cluster.Cuts.Heal();
        scene.Say("the network is healed");
    }

    private static async Task PromoteAsync(Scene scene)
    {
        RedisMember old = scene.Cluster.Redis.Primary is null ? scene.Cluster.Redis : scene.Cluster.Replica!;
        RedisMember next = old == scene.Cluster.Redis ? scene.Cluster.Replica! : scene.Cluster.Redis;
        scene.Say($"{old.Name} is killed");
        await old.StopAsync(Signal.Kill);
        await Task.Delay(TimeSpan.FromSeconds(1));
        scene.Say($"{next.Name} is promoted: {await next.AskAsync("REPLICAOF NO ONE")}");
        (old.Primary, next.Primary) = (next, null);
        await Task.Delay(TimeSpan.FromSeconds(8));
        old.Start();
        scene.Say($"{old.Name} is back as a replica");
    }

    private static async Task FailOverAsync(Scene scene)
    {
        RedisMember[] both = [scene.Cluster.Redis, scene.Cluster.Replica!];
        RedisMember? primary = null;
        foreach (RedisMember redis in both)
        {
            primary = await IsPrimaryAsync(redis) ? redis : primary;
        }

        RedisMember next = both.Single(redis => redis != primary);
        scene.Say($"{primary!.Name} is killed");
        await primary.StopAsync(Signal.Kill);
        await Eventually.TrueAsync("the replica is promoted", TimeSpan.FromSeconds(30), () => IsPrimaryAsync(next));
        scene.Say($"{next.Name} is promoted");
        await Task.Delay(TimeSpan.FromSeconds(5));
        (primary.Primary, next.Primary) = (next, null);
        primary.Start();
        scene.Say($"{primary.Name} is back as a replica");
    }

    // A primary's ROLE reply has three parts, a replica's five.
    private static async Task<bool> IsPrimaryAsync(RedisMember redis) => await redis.AskAsync("ROLE") is "*3";

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
