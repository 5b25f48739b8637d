using OrleansSessions.Bench.Runner.Measuring;

namespace OrleansSessions.Bench.Runner.Reports;

/// <summary>Report on a group, in a folder of its name: CSV (each measurement), Markdown and SVG.</summary>
internal static class Report
{
    /// <summary>Folder of the kept results; only a run of whole groups with the default settings overwrites theirs.</summary>
    public static string KeptFolder { get; } = Repository.Source("bench/results");

    /// <returns>Whether all answers were right.</returns>
    public static bool Write(BenchSettings settings, GroupRun run)
    {
        GroupResult result = new(run.Stacks, [.. run.Measurements], [.. run.Verdicts]);
        string folder = Directory.CreateDirectory(Path.Combine(settings.IsKept ? KeptFolder : Path.Combine(KeptFolder, "partial"), run.Stacks.Name)).FullName;
        string tables = MarkdownTables.Write(settings, Machine.Describe(), result);
        File.WriteAllText(Path.Combine(folder, "measurements.csv"), CsvTable.Write(result));
        File.WriteAllText(Path.Combine(folder, "README.md"), tables);
        Plots.Write(folder, result);
        OverviewPlot.Write(settings.IsKept ? Repository.Source("docs/images/performance.svg") : Path.Combine(folder, "overview.svg"), result);
        Console.WriteLine($"\n{tables}\nWritten to {folder}");
        return result.Verdicts.All(verdict => verdict.Wrong.Count == 0) && result.Measurements.All(measurement => measurement.Load.Errors == 0);
    }
}
