using OrleansSessions.Faults.Tests.Cluster;

namespace OrleansSessions.Faults.Tests.Nemeses;

/// <summary>Network faults between members.</summary>
internal static class CutNemeses
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    public static IReadOnlyList<Nemesis> All { get; } =
    [
        Silos("cut-silos", "silos cut from each other", static (cuts, one, other) => cuts.Between(one, other)),
        Silos("reject-silos", "silos reject each other", static (cuts, one, other) => cuts.Between(one, other, CutMode.Reject)),
        Silos("oneway-silos", "a silo hears no other silo", static (cuts, one, other) => cuts.OneWay(one, other)),
        Silos("cut-two-of-three", "two of three silos cut from each other", static (cuts, one, other) => cuts.Between(one, other)) with { Layout = new Layout { Silos = 3 } },
        Silos("oneway-two-of-three", "one of three silos does not hear another", static (cuts, one, other) => cuts.OneWay(one, other)) with { Layout = new Layout { Silos = 3 } },
        new("isolate-silo", "a silo cut from everything", scene => CutAsync(scene, Length, Isolate)) { Slowest = TimeSpan.FromSeconds(8) },
        new("deafen-silo", "a silo hears nothing", scene => CutAsync(scene, Length, Deafen)) { Slowest = TimeSpan.FromSeconds(8) },
        Frontend("cut-frontend", "a frontend cut from a silo", CutMode.Drop),
        Frontend("reject-frontend", "a silo rejects a frontend", CutMode.Reject),
        new("oneway-frontend", "a frontend hears nothing of a silo", scene => CutAsync(scene, Length, DeafenFrontend)) { Slowest = TimeSpan.FromSeconds(3) },
        Redis("cut-redis", "a silo cut from Redis", 12, static (cuts, silo, redis) => cuts.Between(silo, redis)),
        Redis("cut-redis-long", "a silo cut from Redis for 30 s", 30, static (cuts, silo, redis) => cuts.Between(silo, redis)),
        Redis("reject-redis", "Redis rejects a silo", 12, static (cuts, silo, redis) => cuts.OneWay(silo, redis, CutMode.Reject)),
        Redis("oneway-redis", "a silo hears nothing of Redis", 12, static (cuts, silo, redis) => cuts.OneWay(redis, silo)),
        new("cut-redis-all", "all silos cut from Redis", CutAllFromRedisAsync) { Slowest = TimeSpan.FromSeconds(10) },
    ];

    /// <summary>Makes a cut, keeps it for a while, and heals it.</summary>
    public static async Task CutAsync(Scene scene, TimeSpan length, Func<Scene, string> cut)
    {
        scene.Say(cut(scene));
        await Task.Delay(length);
        scene.Cluster.Cuts.Heal();
        scene.Say("the network is healed");
    }

    /// <summary>A cut between two silos.</summary>
    public static Nemesis Silos(string name, string fault, Action<Cuts, ServiceMember, ServiceMember> cut, TimeSpan? length = null) =>
        new(name, fault, scene => CutAsync(scene, length ?? Length, _ =>
    {
        ServiceMember one = scene.AnySilo();
        ServiceMember other = scene.AnyOther(one);
        cut(scene.Cluster.Cuts, one, other);
        return $"{one.Name} is cut from {other.Name}";
    }))
        {
            Slowest = TimeSpan.FromSeconds(8),
        };

    /// <summary>A cut between a silo and Redis. Requests may fail until another silo has taken over its sessions.</summary>
    public static Nemesis Redis(string name, string fault, int seconds, Action<Cuts, ServiceMember, RedisMember> cut, int handoverSeconds = 7) => new(name, fault, async scene =>
    {
        ServiceMember silo = scene.AnySilo();
        var handover = TimeSpan.FromSeconds(handoverSeconds);
        await scene.ExcuseAsync(TimeSpan.Zero, () =>
        {
            cut(scene.Cluster.Cuts, silo, scene.Cluster.Redis);
            scene.Say($"{silo.Name} is cut from Redis");
            return Task.Delay(handover);
        });
        await Task.Delay(TimeSpan.FromSeconds(seconds) - handover);
        scene.Cluster.Cuts.Heal();
        scene.Say("the network is healed");
    })
    {
        Slowest = TimeSpan.FromSeconds(6),
    };

    private static Nemesis Frontend(string name, string fault, CutMode mode) => new(name, fault, scene => CutAsync(scene, Length, _ =>
    {
        FrontendMember frontend = scene.Cluster.Frontends[0];
        ServiceMember silo = scene.AnySilo();
        scene.Cluster.Cuts.Between(frontend, silo, mode);
        return $"{frontend.Name} is cut from {silo.Name}";
    }))
    {
        Slowest = TimeSpan.FromSeconds(3),
    };

    private static string Isolate(Scene scene)
    {
        ServiceMember silo = scene.AnySilo();
        foreach (Member other in scene.Cluster.Members.Where(member => member != silo))
        {
            scene.Cluster.Cuts.Between(silo, other);
        }

        return $"{silo.Name} is cut from all";
    }

    private static string Deafen(Scene scene)
    {
        ServiceMember silo = scene.AnySilo();
        foreach (Member other in scene.Cluster.Members.Where(member => member != silo))
        {
            scene.Cluster.Cuts.OneWay(other, silo);
        }

        return $"{silo.Name} hears nothing";
    }

    private static string DeafenFrontend(Scene scene)
    {
        ServiceMember silo = scene.AnySilo();
        scene.Cluster.Cuts.OneWay(silo, scene.Cluster.Frontends[0]);
        return $"{scene.Cluster.Frontends[0].Name} hears nothing of {silo.Name}";
    }

    private static Task CutAllFromRedisAsync(Scene scene) => scene.ExcuseAsync(TimeSpan.FromSeconds(5), () => CutAsync(scene, TimeSpan.FromSeconds(10), _ =>
    {
        foreach (ServiceMember silo in scene.Cluster.Silos)
        {
            scene.Cluster.Cuts.Between(silo, scene.Cluster.Redis);
        }

        return "all silos are cut from Redis";
    }));
}
