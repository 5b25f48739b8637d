using System.Globalization;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.Faults.Tests.Cluster;

namespace OrleansSessions.Faults.Tests.Nemeses;

/// <summary>All nemeses by name.</summary>
internal static class Catalogue
{

    public static IReadOnlyList<Nemesis> All { get; } =
    [
        new("kill", "kill -9 of a silo", KillAsync) { Slowest = TimeSpan.FromSeconds(2.5) },
        new("freeze", "freeze of a silo, 2 to 20 s", scene => FreezeAsync(scene, 2, 20)) { Slowest = TimeSpan.FromSeconds(6) },
    ];

    public static Nemesis Find(string name) =>
        All.SingleOrDefault(nemesis => nemesis.Name == name) ?? throw new ArgumentException($"Unknown nemesis '{name}'; there are: {string.Join(", ", All.Select(nemesis => nemesis.Name))}.", nameof(name));

    public static async Task FreezeAsync(Scene scene, double atLeast, double atMost)
    {
        SiloMember silo = scene.AnySilo();
        var length = TimeSpan.FromSeconds(atLeast + (scene.Random.NextDouble() * (atMost - atLeast)));
        scene.Say(string.Create(CultureInfo.InvariantCulture, $"{silo.Name} is frozen for {length.TotalSeconds:0.0} s"));
        silo.Send(Signal.Stop);
        await Task.Delay(length);
        silo.Send(Signal.Continue);
        scene.Say($"{silo.Name} wakes");
    }

    private static async Task KillAsync(Scene scene)
    {
        SiloMember silo = scene.AnySilo();
        scene.Say($"{silo.Name} is killed");
        await silo.StopAsync(Signal.Kill);
        await Task.Delay(TimeSpan.FromSeconds(1));
        silo.Start();
        scene.Say($"{silo.Name} is started");
    }
}
