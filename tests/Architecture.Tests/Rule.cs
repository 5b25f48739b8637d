namespace OrleansSessions.Architecture.Tests;

/// <summary>Architecture rule that holds if there is no violation.</summary>
internal static class Rule
{
    /// <summary>Fails with all violations, one per line.</summary>
    public static void Holds(IEnumerable<string?> violations)
    {
        string?[] all = [.. violations.Distinct().Order()];
        Assert.True(all.Length == 0, string.Join(Environment.NewLine, ["Broken by:", .. all]));
    }
}
