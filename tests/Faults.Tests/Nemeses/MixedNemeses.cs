using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.Faults.Tests.Cluster;

namespace OrleansSessions.Faults.Tests.Nemeses;

/// <summary>Random mix of concurrent faults.</summary>
internal static class MixedNemeses
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    // Time until the others can store changes of a disturbed silo's sessions.
    private static readonly TimeSpan Handover = TimeSpan.FromSeconds(5);

    private static readonly Func<Scene, Task>[] Parts =
    [
        static scene => DisturbAsync(scene, SiloNemeses.KillAsync),
        static scene => DisturbAsync(scene, SiloNemeses.TerminateAsync),
        static scene => DisturbAsync(scene, static (scene, silo) => SiloNemeses.FreezeAsync(scene, silo, scene.Between(1, 12))),
        static scene => DisturbAsync(scene, static (scene, silo) => SiloNemeses.FreezeAsync(scene, silo, scene.Between(1, 12))),
        static scene => DisturbAsync(scene, static (scene, silo) => CutAsync(scene, silo, scene.AnyOther(silo))),
        static scene => DisturbAsync(scene, static (scene, silo) => CutAsync(scene, silo, scene.AnyOther(silo))),
        static scene => CutAsync(scene, scene.AnySilo(), scene.Cluster.Frontends[0]),
        static scene => DisturbAsync(scene, CutFromRedisAsync),
        static scene => scene.ExcuseAsync(Recovery, () => RedisNemeses.KillAsync(scene, scene.Between(0, 4))),
        static scene => scene.ExcuseAsync(Recovery, () => RedisNemeses.PauseAsync(scene, scene.Between(1, 6))),
    ];

    public static IReadOnlyList<Nemesis> All { get; } =
    [
        new("mix", "random mix", MixAsync) { Layout = new Layout { Silos = 3 }, Slowest = TimeSpan.FromSeconds(10) },
    ];

    private static async Task MixAsync(Scene scene)
    {
        for (int i = 0; i < 4; i++)
        {
            Func<Scene, Task> first = Parts[scene.Random.Next(Parts.Length)];
            Func<Scene, Task> second = Parts[scene.Random.Next(Parts.Length)];
            await Task.WhenAll(first(scene), LaterAsync(scene, second));
        }
    }

    private static async Task LaterAsync(Scene scene, Func<Scene, Task> act)
    {
        await Task.Delay(scene.Between(0, 4));
        await act(scene);
    }

    // Disturbed until it is ready again.
    private static Task DisturbAsync(Scene scene, Func<Scene, ServiceMember, Task> act)
    {
        ServiceMember silo = scene.AnySilo();
        return scene.DisturbAsync(silo, async () =>
        {
            await act(scene, silo);
            await Eventually.TrueAsync($"{silo.Name} is ready", ReadyTimeout, silo.IsReadyAsync);
        });
    }

    private static async Task CutFromRedisAsync(Scene scene, ServiceMember silo)
    {
        // Requests fail as soon as the cut takes effect, a moment before it is known to be made.
        Task? cut = null;
        await scene.ExcuseAsync(TimeSpan.Zero, () =>
        {
            cut = CutAsync(scene, silo, scene.Cluster.Redis);
            return Task.Delay(Handover);
        });
        await cut!;
    }

    private static Task CutAsync(Scene scene, Member one, Member other) => CutNemeses.CutAsync(scene, scene.Between(2, 15), _ =>
    {
        CutMode mode = scene.Random.Next(2) == 0 ? CutMode.Drop : CutMode.Reject;
        bool isOneWay = scene.Random.Next(3) == 0;
        if (isOneWay)
        {
            scene.Cluster.Cuts.OneWay(one, other, mode);
        }
        else
        {
            scene.Cluster.Cuts.Between(one, other, mode);
        }

        return $"{mode}: {one.Name} {(isOneWay ? "to" : "and")} {other.Name}";
    });
}
