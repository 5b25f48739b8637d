using System.Globalization;

namespace OrleansSessions.EndToEnd.Tests.Telemetry;

/// <summary>Response of <c>/metrics</c>, parsed like Prometheus does.</summary>
internal sealed class Scrape
{
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    public Scrape(params IEnumerable<string> texts)
    {
        foreach (string line in texts.SelectMany(text => text.Split('\n')))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                string[] words = line.Split(' ');
                _types[words[2]] = words[3];
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                int end = line.Contains('}', StringComparison.Ordinal) ? line.LastIndexOf('}') + 1 : line.IndexOf(' ', StringComparison.Ordinal);
                string value = line[end..].Trim().Split(' ')[0];
                string sample = line[..end];
                _samples[sample] = _samples.GetValueOrDefault(sample) + double.Parse(value, CultureInfo.InvariantCulture);
            }
        }

        Text = string.Join('\n', texts);
    }

    public string Text { get; }

    /// <summary>The metrics' types by name.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>The names available to queries: a histogram has three.</summary>
    public IReadOnlySet<string> Names => _samples.Keys.Select(NameOf).ToHashSet();

    /// <summary>Returns the samples of a metric: for a histogram, its counts.</summary>
    public IReadOnlyDictionary<string, double> Samples(string metric)
    {
        string name = _types.GetValueOrDefault(metric) == "histogram" ? metric + "_count" : metric;
        return _samples.Where(sample => NameOf(sample.Key) == name).ToDictionary();
    }

    /// <summary>Returns the sum of the samples with all these label pairs, each written as <c>name="value"</c>.</summary>
    public double Sum(string metric, params string[] labels) => Samples(metric).Where(sample => labels.All(sample.Key.Contains)).Sum(sample => sample.Value);

    /// <summary>Whether a sample of that name has a label.</summary>
    public bool HasLabel(string name, string label) =>
        _samples.Keys.Any(sample => NameOf(sample) == name
            && (sample.Contains($"{{{label}=", StringComparison.Ordinal) || sample.Contains($",{label}=", StringComparison.Ordinal)));

    private static string NameOf(string sample) => sample.Split('{')[0];
}
