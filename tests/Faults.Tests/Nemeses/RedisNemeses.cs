using System.Globalization;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.Faults.Tests.Cluster;

namespace OrleansSessions.Faults.Tests.Nemeses;

/// <summary>Redis faults that lose no acknowledged data.</summary>
internal static class RedisNemeses
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SlowestWhileAway = TimeSpan.FromSeconds(6);

    public static IReadOnlyList<Nemesis> All { get; } =
    [
        Away("redis-kill", "Redis killed and restarted", scene => KillAsync(scene, scene.Between(0.5, 6))),
        Away("redis-restart", "Redis restarted at once", scene => KillAsync(scene, TimeSpan.Zero)),
        Away("redis-pause", "Redis paused, 1 to 8 s", scene => PauseAsync(scene, scene.Between(1, 8))),
        Away("redis-full", "Redis full", scene => RefuseAsync(scene, "maxmemory 1", "maxmemory 0")),
        Away("redis-readonly", "Redis accepts no writes", scene => RefuseAsync(scene, "min-replicas-to-write 1", "min-replicas-to-write 0")),
        Away("redis-kill-freeze", "Redis killed, and a silo frozen meanwhile", KillAndFreezeAsync),
        Away("redis-kill-cut", "Redis killed, and silos cut from each other meanwhile", KillAndCutAsync),
        Away("redis-away-term", "SIGTERM of a silo while Redis is away", TerminateAsync),
    ];

    public static async Task KillAsync(Scene scene, TimeSpan away)
    {
        scene.Say("Redis is killed");
        await scene.Cluster.Redis.StopAsync(Signal.Kill);
        await Task.Delay(away);
        await StartAsync(scene);
    }

    public static async Task PauseAsync(Scene scene, TimeSpan length)
    {
        scene.Say(string.Create(CultureInfo.InvariantCulture, $"Redis is paused for {length.TotalSeconds:0.0} s"));
        await scene.Cluster.Redis.FreezeAsync();
        await Task.Delay(length);
        scene.Cluster.Redis.Send(Signal.Continue);
        scene.Say("Redis goes on");
    }

    /// <summary>Starts Redis and waits until it answers.</summary>
    public static async Task StartAsync(Scene scene)
    {
        scene.Cluster.Redis.Start();
        await Eventually.TrueAsync("Redis answers", StartTimeout, scene.Cluster.Redis.IsReadyAsync);
        scene.Say("Redis is back");
    }

    private static Nemesis Away(string name, string fault, Func<Scene, Task> act) =>
        new(name, fault, scene => scene.ExcuseAsync(Recovery, () => act(scene))) { Slowest = SlowestWhileAway };

    private static async Task RefuseAsync(Scene scene, string refuse, string accept)
    {
        scene.Say($"CONFIG SET {refuse}: {await scene.Cluster.Redis.AskAsync($"CONFIG SET {refuse}")}");
        await Task.Delay(TimeSpan.FromSeconds(8));
        scene.Say($"CONFIG SET {accept}: {await scene.Cluster.Redis.AskAsync($"CONFIG SET {accept}")}");
    }

    private static async Task KillAndFreezeAsync(Scene scene)
    {
        scene.Say("Redis is killed");
        await scene.Cluster.Redis.StopAsync(Signal.Kill);
        await SiloNemeses.FreezeAsync(scene, scene.AnySilo(), scene.Between(2, 12));
        await Task.Delay(scene.Between(0, 3));
        await StartAsync(scene);
    }

    private static async Task KillAndCutAsync(Scene scene)
    {
        scene.Say("Redis is killed");
        await scene.Cluster.Redis.StopAsync(Signal.Kill);
        ServiceMember one = scene.AnySilo();
        ServiceMember other = scene.AnyOther(one);
        await CutNemeses.CutAsync(scene, scene.Between(3, 10), _ =>
        {
            scene.Cluster.Cuts.Between(one, other);
            return $"{one.Name} is cut from {other.Name}";
        });
        await StartAsync(scene);
    }

    private static async Task TerminateAsync(Scene scene)
    {
        ServiceMember silo = scene.AnySilo();
        scene.Say("Redis is killed");
        await scene.Cluster.Redis.StopAsync(Signal.Kill);
        await Task.Delay(TimeSpan.FromSeconds(1));
        scene.Say($"{silo.Name} gets SIGTERM");
        TimeSpan took = await silo.StopAsync(Signal.Terminate);
        scene.Say(string.Create(CultureInfo.InvariantCulture, $"{silo.Name} has ended after {took.TotalSeconds:0.0} s"));
        scene.Expect(took < TimeSpan.FromSeconds(30), "A silo that is told to stop ends within 30 s.");
        await StartAsync(scene);
        silo.Start();
    }
}
