using System.Globalization;

namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>Settings of the growth measurements.</summary>
/// <param name="Sizes">Numbers of stored sessions, each measured separately.</param>
/// <param name="Reminders">The maximum number of reminders; 0: none.</param>
internal sealed record GrowthSettings(IReadOnlyList<int> Sizes, int Reminders)
{
    /// <summary>Settings of a complete run.</summary>
    public static GrowthSettings Complete { get; } = new([10_000, 100_000, 1_000_000], 1_000_000);

    /// <summary>Parses the command line; null if it is invalid.</summary>
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
