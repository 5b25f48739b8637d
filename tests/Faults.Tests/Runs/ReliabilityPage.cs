using System.Globalization;
using OrleansSessions.EndToEnd.Tests;

namespace OrleansSessions.Faults.Tests.Runs;

/// <summary>Documentation page with the last long run.</summary>
internal static class ReliabilityPage
{
    private const string Begin = "<!-- the last long run -->";
    private const string End = "<!-- until here -->";

    /// <summary>Replaces the table on the page.</summary>
    public static void Write(string table, int seed, TimeSpan length)
    {
        string path = Repository.Source("docs/reliability.md");
        string page = File.ReadAllText(path);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        string run = string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}, {length.TotalMinutes:0} minutes, seed {seed}, {Environment.ProcessorCount} cores for everything, clients included:");
        File.WriteAllText(path, $"{page[..begin]}\n{run}\n\n{table}{page[end..]}");
    }
}
