using OrleansSessions.Faults.Tests.Cluster;

namespace OrleansSessions.Faults.Tests.Nemeses;

/// <summary>Several faults at a time, chosen at random.</summary>
internal static class MixedNemeses
{
    private static readonly Func<Scene, Task>[] Parts =
    [
        SiloNemeses.KillAsync,
        SiloNemeses.TerminateAsync,
        static scene => SiloNemeses.FreezeAsync(scene, scene.AnySilo(), scene.Between(1, 12)),
        static scene => SiloNemeses.FreezeAsync(scene, scene.AnySilo(), scene.Between(1, 12)),
        static scene => CutAsync(scene, static (scene, silo, mode) => scene.Cluster.Cuts.Between(silo, scene.AnyOther(silo), mode)),
        static scene => CutAsync(scene, static (scene, silo, mode) => scene.Cluster.Cuts.OneWay(silo, scene.AnyOther(silo), mode)),
        static scene => CutAsync(scene, static (scene, silo, mode) => scene.Cluster.Cuts.Between(silo, scene.Cluster.Redis, mode)),
        static scene => CutAsync(scene, static (scene, silo, mode) => scene.Cluster.Cuts.Between(silo, scene.Cluster.Frontends[0], mode)),
        static scene => RedisNemeses.KillAsync(scene, scene.Between(0, 4)),
        static scene => RedisNemeses.PauseAsync(scene, scene.Between(1, 6)),
    ];

    public static IReadOnlyList<Nemesis> All { get; } =
    [
        new("mix", "random mix", scene => scene.ExcuseAsync(TimeSpan.FromSeconds(10), () => MixAsync(scene))) { Layout = new Layout { Silos = 3 }, Slowest = TimeSpan.FromSeconds(30) },
    ];

    private static async Task MixAsync(Scene scene)
    {
        for (int i = 0; i < 4; i++)
        {
            Func<Scene, Task> first = Parts[scene.Random.Next(Parts.Length)];
            Func<Scene, Task> second = Parts[scene.Random.Next(Parts.Length)];
            await Task.WhenAll(first(scene), Task.Delay(scene.Between(0, 4)).ContinueWith(_ => second(scene), TaskScheduler.Default).Unwrap());
        }
    }

    private static Task CutAsync(Scene scene, Action<Scene, SiloMember, CutMode> cut) => CutNemeses.CutAsync(scene, scene.Between(2, 15), _ =>
    {
        SiloMember silo = scene.AnySilo();
        cut(scene, silo, scene.Random.Next(2) == 0 ? CutMode.Drop : CutMode.Reject);
        return $"{silo.Name} is cut";
    });
}
