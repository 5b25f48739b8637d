namespace OrleansSessions.Architecture.Tests;

/// <summary>A rule that holds if nothing breaks it.</summary>
internal static class Rule
{
    /// <summary>Fails with every violation in full, one a line.</summary>
    public static void Holds(IEnumerable<string?> violations)
    {
        string?[] all = [.. violations.Distinct().Order()];
        Assert.True(all.Length == 0, string.Join(Environment.NewLine, ["Broken by:", .. all]));
    }
}
