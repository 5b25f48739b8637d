using OrleansSessions.Bench.Runner.Growth;

namespace OrleansSessions.Bench.Runner.Reports;

/// <summary>Performance section of the README: the kept results' summary, between two comments.</summary>
internal static class ReadmeSection
{
    private const string Begin = "<!-- performance: begin; written by ./bench.sh readme -->";
    private const string End = "<!-- performance: end -->";

    public static void Update()
    {
        string readme = Repository.Source("README.md");
        string text = File.ReadAllText(readme);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new InvalidOperationException($"README.md has no lines \"{Begin}\" and \"{End}\" around the section.");
        }

        string summary = File.ReadAllText(Path.Combine(Report.KeptFolder, "summary.md"));
        string growth = Path.Combine(Report.KeptFolder, GrowthReport.TableName);
        if (File.Exists(growth))
        {
            summary += $"\n{File.ReadAllText(growth)}";
        }

        File.WriteAllText(readme, $"{text[..(begin + Begin.Length)]}\n{summary}\n{text[end..]}");
    }
}
