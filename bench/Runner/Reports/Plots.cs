using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Measuring;
using OrleansSessions.Bench.Runner.Stacks;
using ScottPlot;

namespace OrleansSessions.Bench.Runner.Reports;

/// <summary>Bar charts of a group's results: one cluster of bars per workload, one bar per stack, a whisker from the worst round to the best.</summary>
internal static class Plots
{
    private const int Width = 1_100;
    private const int Height = 480;

    /// <summary>Fraction of a cluster's width taken by its bars.</summary>
    private const double Filled = 0.8;

    public static void Write(string folder, GroupResult result)
    {
        Workload[] saturating = [.. result.Workloads.Where(workload => !workload.IsPaced)];
        Workload[] paced = [.. result.Workloads.Where(workload => workload.IsPaced)];
        Write(Path.Combine(folder, "rate.svg"), result, saturating, "requests per second", measurement => measurement.Rate);
        Write(Path.Combine(folder, "cpu.svg"), result, saturating, "CPU per request, microseconds", measurement => measurement.TotalMicroseconds);
        Write(Path.Combine(folder, "p99.svg"), result, paced, "p99 latency, milliseconds", measurement => measurement.Load.P99 / 1000.0);
    }

    private static void Write(string path, GroupResult result, Workload[] workloads, string unit, Func<Measurement, double?> value)
    {
        if (workloads.Length == 0)
        {
            return;
        }

        using var plot = new Plot();
        IReadOnlyList<StackPlan> stacks = result.Group.Stacks;
        double width = Filled / stacks.Count;
        for (int s = 0; s < stacks.Count; s++)
        {
            Color color = plot.Add.Palette.GetColor(s);
            List<Bar> bars = [];
            for (int w = 0; w < workloads.Length; w++)
            {
                if (result.Of(stacks[s], workloads[w], value) is { } spread)
                {
                    double position = w - (Filled / 2) + ((s + 0.5) * width);
                    bars.Add(new Bar { Position = position, Size = width, Value = spread.Median, FillColor = color, LineWidth = 0 });

                    var whisker = plot.Add.Line(position, spread.Min, position, spread.Max);
                    whisker.LineWidth = 1;
                    whisker.LineColor = Colors.Black;
                }
            }

            plot.Add.Bars(bars).LegendText = stacks[s].Title.Replace("`", string.Empty, StringComparison.Ordinal);
        }

        plot.Title($"{result.Group.Title}: {unit}");
        plot.Axes.Bottom.SetTicks([.. workloads.Select((_, i) => (double)i)], [.. workloads.Select(workload => workload.Title)]);
        plot.Axes.Margins(bottom: 0);
        plot.ShowLegend(Edge.Bottom);
        plot.SaveSvg(path, Width, Height);
    }
}
