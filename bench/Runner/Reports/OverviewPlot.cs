using System.Globalization;
using OrleansSessions.Bench.Runner.Load;
using OrleansSessions.Bench.Runner.Stacks;
using ScottPlot;

namespace OrleansSessions.Bench.Runner.Reports;

/// <summary>The picture for the documentation: requests per second of our two set-ups as multiples of the peer's.</summary>
internal static class OverviewPlot
{
    private const int Width = 860;
    private const int Height = 460;

    /// <summary>Fraction of a cluster's width taken by its bars.</summary>
    private const double Filled = 0.7;

    private static readonly (string Stack, string Title, Color Color)[] Shown =
    [
        ("client-1", "ours, silos apart", Color.FromHex("#4c8bf5")),
        ("cohost", "ours, silo in the frontend", Color.FromHex("#2f9e62")),
    ];

    private static readonly string[] Workloads = ["read", "write", "mix", "create", "login"];

    /// <summary>Writes it if the group has what it shows.</summary>
    public static void Write(string path, GroupResult result)
    {
        StackPlan[] stacks = [.. Shown.SelectMany(shown => result.Group.Stacks.Where(stack => stack.Name == shown.Stack))];
        Workload[] workloads = [.. Workloads.SelectMany(name => result.Workloads.Where(workload => workload.Name == name))];
        if (stacks.Length < Shown.Length || workloads.Length < Workloads.Length)
        {
            return;
        }

        using var plot = new Plot();
        double width = Filled / stacks.Length;
        for (int s = 0; s < stacks.Length; s++)
        {
            List<Bar> bars = [];
            for (int w = 0; w < workloads.Length; w++)
            {
                double ratio = result.RatioOf(stacks[s], workloads[w], static measurement => measurement.Rate)?.Median ?? 0;
                bars.Add(new Bar
                {
                    Position = w - (Filled / 2) + ((s + 0.5) * width),
                    Size = width * 0.92,
                    Value = ratio,
                    FillColor = Shown[s].Color,
                    LineWidth = 0,
                    Label = string.Create(CultureInfo.InvariantCulture, $"{ratio:0.0#}x"),
                });
            }

            plot.Add.Bars(bars).LegendText = Shown[s].Title;
        }

        var peer = plot.Add.HorizontalLine(1);
        peer.LineColor = Color.FromHex("#d14343");
        peer.LineWidth = 2;
        peer.LegendText = "UseSession + Redis cache, tuned";
        plot.Title("Requests per second, as multiples of ASP.NET Core's own Redis sessions");
        plot.Axes.Bottom.SetTicks([.. workloads.Select((_, i) => (double)i)], [.. workloads.Select(workload => workload.Title)]);
        plot.Axes.Margins(bottom: 0, top: 0.15);
        plot.HideGrid();
        plot.ShowLegend(Edge.Bottom);
        plot.SaveSvg(path, Width, Height);
    }
}
