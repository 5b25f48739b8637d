using System.Globalization;

namespace OrleansSessions.Faults.Tests.Runs;

/// <summary>Command-line options of a long run.</summary>
internal sealed record RunOptions
{
    public const string Usage = "run [--minutes N] [--seed S] [--nemesis NAME,...] [--report]";

    /// <summary>Time after which no new round starts. Default: each nemesis runs once.</summary>
    public TimeSpan Length { get; init; }

    /// <summary>Seed of all random choices. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The names of the nemeses; empty: all.</summary>
    public IReadOnlyList<string> Nemeses { get; init; } = [];

    /// <summary>Whether to write the table to docs/reliability.md too.</summary>
    public bool WritesReport { get; init; }

    /// <exception cref="FormatException">An option is unknown or has an invalid value.</exception>
    public static RunOptions Parse(IEnumerable<string> arguments)
    {
        RunOptions options = new();
        Queue<string> left = new(arguments);
        string Value(string option) => left.TryDequeue(out string? value) ? value : throw new FormatException($"{option} needs a value.");
        while (left.TryDequeue(out string? option))
        {
            options = option switch
            {
                "--minutes" => options with { Length = TimeSpan.FromMinutes(double.Parse(Value(option), CultureInfo.InvariantCulture)) },
                "--seed" => options with { Seed = int.Parse(Value(option), CultureInfo.InvariantCulture) },
                "--nemesis" => options with { Nemeses = Value(option).Split(',') },
                "--report" => options with { WritesReport = true },
                _ => throw new FormatException($"Unknown option: {option}"),
            };
        }

        return options;
    }
}
