using System.CommandLine;

namespace OrleansSessions.LocalCluster.Options;

/// <summary>Describes arguments that belong to no option, without repeating anything that may be a password.</summary>
internal static class UnknownArguments
{
    private const int MaxTypingErrors = 3;

    public static IEnumerable<string> Describe(IReadOnlyList<string> arguments, IEnumerable<Option> options)
    {
        bool followsUnknownOption = false;
        foreach (string argument in arguments)
        {
            bool isOption = argument.StartsWith('-');
            if (isOption)
            {
                string name = argument.Split('=')[0];
                string? meant = options.Select(option => option.Name).MinBy(option => Distance(name, option));
                yield return meant is not null && Distance(name, meant) <= MaxTypingErrors ? $"unknown option '{name}'; did you mean {meant}?" : $"unknown option '{name}'";
            }
            else if (!followsUnknownOption)
            {
                yield return $"unexpected argument '{argument.Split('=', ':', ',')[0]}'; options begin with --";
            }

            followsUnknownOption = isOption;
        }
    }

    /// <summary>Levenshtein distance: characters to insert, remove or replace.</summary>
    private static int Distance(string from, string to)
    {
        int[] above = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int[] row = [i, .. new int[to.Length]];
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
            }

            above = row;
        }

        return above[to.Length];
    }
}
