namespace OrleansSessions.Bench.Runner.Reports;

/// <summary>Median, minimum and maximum over several rounds.</summary>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    /// <summary>Returns null if there are no values.</summary>
    public static Spread? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0
            ? null
            : new Spread((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }

    /// <summary>Returns null if there are no values.</summary>
    public static Spread? Of(IEnumerable<double?> values) => Of(values.OfType<double>());
}
