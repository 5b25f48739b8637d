using System.Globalization;

namespace OrleansSessions.Faults.Tests.Runs;

/// <summary>What a long run is told on its command line.</summary>
internal sealed record RunOptions
{
    public const string Usage = "run [--minutes N] [--seed S] [--nemesis NAME,...]";

    /// <summary>After how long no further round begins. Default: each nemesis runs once.</summary>
    public TimeSpan Length { get; init; }

    /// <summary>What everything random is derived from. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The names of the nemeses; empty: all.</summary>
    public IReadOnlyList<string> Nemeses { get; init; } = [];

    /// <exception cref="FormatException">An option is unknown or has no such value.</exception>
    public static RunOptions Parse(IEnumerable<string> arguments)
    {
        RunOptions options = new();
        foreach (string[] pair in arguments.Chunk(2))
        {
            options = pair switch
            {
                ["--minutes", var minutes] => options with { Length = TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)) },
                ["--seed", var seed] => options with { Seed = int.Parse(seed, CultureInfo.InvariantCulture) },
                ["--nemesis", var names] => options with { Nemeses = names.Split(',') },
                _ => throw new FormatException($"Unknown option: {string.Join(' ', pair)}"),
            };
        }

        return options;
    }
}
