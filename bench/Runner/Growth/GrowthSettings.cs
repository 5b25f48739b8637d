using System.Globalization;

namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>How many sessions.</summary>
/// <param name="Sizes">Numbers of stored sessions, each measured by itself.</param>
/// <param name="Reminders">The most reminders that are tried; none at 0.</param>
internal sealed record GrowthSettings(IReadOnlyList<int> Sizes, int Reminders)
{
    /// <summary>What a complete run measures.</summary>
    public static GrowthSettings Complete { get; } = new([10_000, 100_000, 1_000_000], 1_000_000);

    /// <summary>Understands the command line; null if it can't.</summary>
    /// <param name="args"><c>--sessions</c>: numbers, comma-separated; <c>--reminders</c>: a number.</param>
    public static GrowthSettings? Parse(IReadOnlyList<string> args)
    {
        GrowthSettings settings = Complete;
        for (int i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count || !TryParse(args[i + 1], out int[] numbers))
            {
                return null;
            }

            switch (args[i])
            {
                case "--sessions" when numbers.All(number => number > 0):
                    settings = settings with { Sizes = numbers };
                    break;
                case "--reminders" when numbers.Length == 1:
                    settings = settings with { Reminders = numbers[0] };
                    break;
                default:
                    return null;
            }
        }

        return settings;
    }

    private static bool TryParse(string text, out int[] numbers)
    {
        string[] parts = text.Split(',');
        numbers = [.. parts.Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out int number) ? number : -1)];
        return numbers.All(number => number >= 0);
    }
}
