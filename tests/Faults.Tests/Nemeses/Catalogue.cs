namespace OrleansSessions.Faults.Tests.Nemeses;

/// <summary>All nemeses.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<Nemesis> All { get; } = [.. SiloNemeses.All, .. CutNemeses.All, .. RedisNemeses.All, .. LossNemeses.All, .. MixedNemeses.All];

    /// <exception cref="ArgumentException">The nemesis does not exist.</exception>
    public static Nemesis Find(string name) => All.SingleOrDefault(nemesis => nemesis.Name == name)
        ?? throw new ArgumentException($"Unknown nemesis: {name}. Known: {string.Join(", ", All.Select(nemesis => nemesis.Name))}.");
}
