using OrleansSessions.Bench.Runner.Measuring;

namespace OrleansSessions.Bench.Runner.Reports;

/// <summary>Report on all groups, as CSV (each measurement), Markdown and SVG.</summary>
internal sealed class Report(BenchSettings settings)
{
    private readonly List<GroupResult> _results = [];

    /// <summary>Folder of the kept results; only a complete run overwrites it.</summary>
    public static string KeptFolder { get; } = Repository.Source("bench/results");

    public bool HasWrongAnswers => _results.Any(result =>
        result.Verdicts.Any(verdict => verdict.Wrong.Count > 0) || result.Measurements.Any(measurement => measurement.Load.Errors > 0));

    public void Add(GroupRun run) => _results.Add(new GroupResult(run.Stacks, [.. run.Measurements], [.. run.Verdicts]));

    public void Write()
    {
        string folder = Directory.CreateDirectory(settings.IsComplete ? KeptFolder : Path.Combine(KeptFolder, "partial")).FullName;
        Machine machine = Machine.Describe();
        string tables = MarkdownTables.Write(settings, machine, _results);
        File.WriteAllText(Path.Combine(folder, "measurements.csv"), CsvTable.Write(_results));
        File.WriteAllText(Path.Combine(folder, "README.md"), tables);
        File.WriteAllText(Path.Combine(folder, "summary.md"), SummaryTable.Write(settings, machine, _results));
        foreach (GroupResult result in _results)
        {
            Plots.Write(folder, result);
        }

        Console.WriteLine();
        Console.WriteLine(tables);
        Console.WriteLine($"Written to {folder}");
    }
}
