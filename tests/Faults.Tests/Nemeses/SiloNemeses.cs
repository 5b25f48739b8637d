using System.Globalization;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.Faults.Tests.Cluster;

namespace OrleansSessions.Faults.Tests.Nemeses;

/// <summary>Faults of silos.</summary>
internal static class SiloNemeses
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    public static IReadOnlyList<Nemesis> All { get; } =
    [
        new("kill", "kill -9 of a silo", scene => KillAsync(scene, scene.AnySilo())) { Slowest = TimeSpan.FromSeconds(2.5) },
        new("term", "SIGTERM of a silo", scene => TerminateAsync(scene, scene.AnySilo())) { Slowest = Pause },
        new("term-cut", "SIGTERM of a silo that is cut from another", TerminateCutAsync) { Slowest = TimeSpan.FromSeconds(8), Layout = new Layout { Silos = 3 } },
        new("roll", "all members restarted one by one", RollAsync) { Slowest = Pause },
        new("scale", "a third silo comes and goes", ScaleAsync) { Slowest = Pause, Layout = new Layout { Silos = 3 } },
        Freeze("freeze-short", "freeze of a silo, 2 to 8 s", 2, 8),
        Freeze("freeze", "freeze of a silo, 8 to 25 s", 8, 25),
        Freeze("freeze-long", "freeze of a silo, 25 to 60 s", 25, 60),
        CoHosted("kill-cohosted", "kill -9 of a co-hosting frontend", scene => KillAsync(scene, scene.AnySilo())),
        CoHosted("freeze-cohosted", "freeze of a co-hosting frontend, 2 to 20 s", scene => FreezeAsync(scene, scene.AnySilo(), scene.Between(2, 20))),
        new("freeze-all", "freeze of all silos, 2 to 12 s", FreezeAllAsync) { Slowest = TimeSpan.FromSeconds(20) },
        new("hog", "four busy loops on two cores", HogAsync) { Slowest = TimeSpan.FromSeconds(10) },
    ];

    public static async Task KillAsync(Scene scene, ServiceMember silo)
    {
        scene.Say($"{silo.Name} is killed");
        await silo.StopAsync(Signal.Kill);
        await Task.Delay(Pause);
        silo.Start();
        scene.Say($"{silo.Name} is started");
    }

    public static async Task TerminateAsync(Scene scene, ServiceMember silo)
    {
        await EndAsync(scene, silo);
        silo.Start();
    }

    /// <summary>Its leave needs the other silos, one of which it can't reach for a while.</summary>
    private static async Task TerminateCutAsync(Scene scene)
    {
        ServiceMember leaving = scene.AnySilo();
        ServiceMember other = scene.AnyOther(leaving);
        Task cut = CutNemeses.CutAsync(scene, scene.Between(2, 10), _ =>
        {
            scene.Cluster.Cuts.Between(leaving, other);
            return $"{leaving.Name} is cut from {other.Name}";
        });
        await Task.Delay(scene.Between(0, 1));
        await TerminateAsync(scene, leaving);
        await cut;
    }

    public static async Task FreezeAsync(Scene scene, ServiceMember silo, TimeSpan length)
    {
        scene.Say(string.Create(CultureInfo.InvariantCulture, $"{silo.Name} is frozen for {length.TotalSeconds:0.0} s"));
        await silo.FreezeAsync();
        await Task.Delay(length);
        silo.Send(Signal.Continue);
        scene.Say($"{silo.Name} wakes");
    }

    /// <summary>Freezes a random silo.</summary>
    public static Nemesis Freeze(string name, string fault, double atLeast, double atMost) =>
        new(name, fault, scene => FreezeAsync(scene, scene.AnySilo(), scene.Between(atLeast, atMost))) { Slowest = TimeSpan.FromSeconds(6) };

    // Requests in flight on it fail.
    private static Nemesis CoHosted(string name, string fault, Func<Scene, Task> act) => new(name, fault, scene => scene.ExcuseAsync(ReadyTimeout, () => act(scene)))
    {
        Layout = new Layout { Silos = 0 },
        Slowest = ReadyTimeout,
    };

    // No silo can serve meanwhile.
    private static Task FreezeAllAsync(Scene scene) => scene.ExcuseAsync(TimeSpan.FromSeconds(5), () =>
    {
        TimeSpan length = scene.Between(2, 12);
        return Task.WhenAll(scene.Cluster.Silos.Select(silo => FreezeAsync(scene, silo, length)));
    });

    private static async Task EndAsync(Scene scene, Member member)
    {
        scene.Say($"{member.Name} gets SIGTERM");
        TimeSpan took = await member.StopAsync(Signal.Terminate);
        scene.Say(string.Create(CultureInfo.InvariantCulture, $"{member.Name} has ended after {took.TotalSeconds:0.0} s"));
    }

    private static async Task RollAsync(Scene scene)
    {
        foreach (Member member in (Member[])[.. scene.Cluster.Silos, .. scene.Cluster.Frontends])
        {
            // Like a balancer that is told first.
            member.IsInService = false;
            await Task.Delay(Pause);
            await EndAsync(scene, member);
            member.Start();
            await scene.Cluster.UntilWholeAsync(ReadyTimeout);
            member.IsInService = true;
            scene.Say($"{member.Name} is back");
        }
    }

    private static async Task ScaleAsync(Scene scene)
    {
        ServiceMember last = scene.Cluster.Silos[^1];
        await EndAsync(scene, last);
        await Task.Delay(Pause);
        last.Start();
        scene.Say($"{last.Name} is started");
    }

    private static async Task HogAsync(Scene scene)
    {
        scene.Say("busy loops begin");
        ChildProcess[] hogs = [.. Enumerable.Range(0, 4).Select(_ => ChildProcess.Start("hog", ["sh", "-c", "while :; do :; done"]))];
        await Task.Delay(TimeSpan.FromSeconds(8));
        foreach (ChildProcess hog in hogs)
        {
            await hog.DisposeAsync();
        }

        scene.Say("busy loops have ended");
    }
}
