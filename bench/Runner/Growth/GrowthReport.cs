using System.Globalization;
using System.Text;
using OrleansSessions.Bench.Runner.Reports;
using ScottPlot;

namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>Report on growth: measures all sizes and writes Markdown, CSV and SVG.</summary>
internal static class GrowthReport
{
    private const string TableName = "README.md";

    private const int Width = 900;
    private const int Height = 420;

    /// <summary>Fraction of a cluster's width taken by its bars.</summary>
    private const double Filled = 0.8;

    private static readonly (string Name, Func<GrowthResult, double?> Value)[] Columns =
    [
        ("sessions", result => result.Sessions),
        ("created_heap_bytes", result => result.CreatedHeapBytes),
        ("created_resident_bytes", result => result.CreatedResidentBytes),
        ("loaded_heap_bytes", result => result.LoadedHeapBytes),
        ("loaded_resident_bytes", result => result.LoadedResidentBytes),
        ("redis_bytes", result => result.RedisBytes),
        ("plain_redis_bytes", result => result.PlainRedisBytes),
        ("creation_rate", result => result.CreationRate),
        ("start_seconds", result => result.StartSeconds),
        ("activation_rate", result => result.ActivationRate),
        ("swept", result => result.Swept.Ended),
        ("sweep_rate", result => result.Swept.Rate),
        ("sweep_p99_before_ms", result => result.Swept.Before?.Median),
        ("sweep_p99_during_ms", result => result.Swept.During?.Median),
        ("sweep_p99_worst_ms", result => result.Swept.During?.Max),
        ("reminders_due", result => result.Reminded.Due),
        ("reminders_fired", result => result.Reminded.Ended),
        ("reminder_rate", result => result.Reminded.Rate),
        ("reminder_p99_before_ms", result => result.Reminded.Before?.Median),
        ("reminder_p99_during_ms", result => result.Reminded.During?.Median),
        ("reminder_p99_worst_ms", result => result.Reminded.During?.Max),
    ];

    /// <returns>Whether all due sessions ended, and the sessions' own sweep caused no foreground error.</returns>
    public static async Task<bool> RunAsync(GrowthSettings settings, bool keep)
    {
        string folder = Directory.CreateDirectory(Path.Combine(keep ? Report.KeptFolder : Path.Combine(Report.KeptFolder, "partial"), "growth")).FullName;
        List<GrowthResult> results = [];
        foreach (int sessions in settings.Sizes)
        {
            results.Add(await new GrowthRun(sessions, settings.Reminders).RunAsync());

            // Write after each size, so that a failure of a larger size loses nothing.
            Write(folder, results);
        }

        Console.WriteLine($"\n{await File.ReadAllTextAsync(Path.Combine(folder, TableName))}\nWritten to {folder}");
        return results.All(result => result.Swept.Errors == 0 && result.Swept.Ended >= result.Swept.Due);
    }

    private static void Write(string folder, List<GrowthResult> results)
    {
        File.WriteAllText(Path.Combine(folder, TableName), GrowthTable.Write(results, Machine.Describe().Hardware));
        var csv = new StringBuilder().AppendJoin(',', Columns.Select(column => column.Name)).Append('\n');
        foreach (GrowthResult result in results)
        {
            csv.AppendJoin(',', Columns.Select(column => column.Value(result)?.ToString("0.###", CultureInfo.InvariantCulture))).Append('\n');
        }

        File.WriteAllText(Path.Combine(folder, "measurements.csv"), csv.ToString());
        Plot(Path.Combine(folder, "bytes.svg"), "bytes per session", results,
            ("silo heap", result => result.LoadedHeapBytes), ("Redis", result => result.RedisBytes), ("Redis, plain hash", result => result.PlainRedisBytes));
        Plot(Path.Combine(folder, "rates.svg"), "sessions per second", results,
            ("created", result => result.CreationRate), ("activated", result => result.ActivationRate), ("swept", result => result.Swept.Rate),
            ("expired by a reminder each", result => result.Reminded.Rate));
        Plot(Path.Combine(folder, "p99.svg"), "foreground p99, milliseconds", results,
            ("before the sweep", result => result.Swept.Before?.Median ?? 0), ("during", result => result.Swept.During?.Median ?? 0),
            ("before the reminders", result => result.Reminded.Before?.Median ?? 0), ("during", result => result.Reminded.During?.Median ?? 0));
    }

    private static void Plot(string path, string unit, List<GrowthResult> results, params (string Title, Func<GrowthResult, double> Value)[] series)
    {
        using var plot = new Plot();
        double width = Filled / series.Length;
        for (int s = 0; s < series.Length; s++)
        {
            Color color = plot.Add.Palette.GetColor(s);
            List<Bar> bars = [];
            for (int r = 0; r < results.Count; r++)
            {
                bars.Add(new Bar { Position = r - (Filled / 2) + ((s + 0.5) * width), Size = width, Value = series[s].Value(results[r]), FillColor = color, LineWidth = 0 });
            }

            plot.Add.Bars(bars).LegendText = series[s].Title;
        }

        plot.Title($"Growth: {unit}");
        plot.Axes.Bottom.SetTicks(
            [.. results.Select((_, r) => (double)r)], [.. results.Select(result => string.Create(CultureInfo.InvariantCulture, $"{result.Sessions:N0} sessions"))]);
        plot.Axes.Margins(bottom: 0);
        plot.ShowLegend(Edge.Bottom);
        plot.SaveSvg(path, Width, Height);
    }
}
