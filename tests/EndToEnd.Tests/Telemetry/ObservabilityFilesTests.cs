using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Telemetry;

/// <summary>Dashboard and alert rules query only metrics that the processes serve.</summary>
[Collection(typeof(ObservedCollection))]
public sealed partial class ObservabilityFilesTests(ObservedCluster cluster)
{
    /// <summary>Set by Prometheus, not by the processes.</summary>
    private static readonly string[] TargetLabels = ["job", "instance", "le"];

    private static readonly string[] Keywords = ["by", "on", "and", "or"];

    private static string Alerts { get; } = File.ReadAllText(Repository.Source("deploy/observability/alerts.yaml"));

    [Fact]
    public void Dashboard_AsksForMetricsAndLabelsThatExist()
    {
        Tools.Require(Tools.RedisServer);
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Repository.Source("deploy/observability/dashboard.json")));
        string[] queries =
        [
            .. from panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
               where panel.TryGetProperty("targets", out _)
               from target in panel.GetProperty("targets").EnumerateArray()
               select target.GetProperty("expr").GetString()!,
        ];

        Assert.NotEmpty(queries);
        Assert.All(queries, AssertCanBeAnswered);
    }

    [Fact]
    public void Alerts_AskForMetricsAndLabelsThatExist()
    {
        Tools.Require(Tools.RedisServer);
        string[] queries = [.. Expression().Matches(Alerts).Select(match => match.Groups[1].Value)];

        Assert.Equal(Alert().Count(Alerts), queries.Length);
        Assert.All(queries, AssertCanBeAnswered);
    }

    [Fact]
    public void Alerts_SayWhatIsWrongAndWhereToReadOn()
    {
        string documentation = File.ReadAllText(Repository.Source("docs/telemetry.md"));
        string[] rules = Alerts.Split("- alert: ")[1..];

        Assert.NotEmpty(rules);
        Assert.All(rules, rule =>
        {
            string name = rule.Split('\n')[0].Trim();
            Assert.Contains("severity: ", rule);
            Assert.Contains("summary: ", rule);
            Assert.Contains("description: ", rule);
            Assert.Contains($"runbook_url: docs/telemetry.md#{name.ToLowerInvariant()}\n", rule);
            Assert.Contains($"### {name}\n", documentation);
        });
    }

    private void AssertCanBeAnswered(string query)
    {
        string[] labels =
        [
            .. Selector().Matches(query).SelectMany(match => LabelName().Matches(match.Value)).Select(match => match.Groups[1].Value),
            .. Grouping().Matches(query).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)),
        ];
        string bare = Grouping().Replace(Range().Replace(Selector().Replace(query, ""), ""), "");
        string[] metrics = [.. Identifier().Matches(bare).Select(match => match.Value).Except(Keywords)];

        Assert.NotEmpty(metrics);
        Assert.All(metrics, metric => Assert.True(cluster.After.Names.Contains(metric), $"No process serves {metric}: {query}"));
        Assert.All(labels.Except(TargetLabels), label => Assert.True(
            metrics.Any(metric => cluster.After.HasLabel(metric, label)), $"None of its metrics has the label {label}: {query}"));
    }

    [GeneratedRegex("^ +- alert: ", RegexOptions.Multiline)]
    private static partial Regex Alert();

    [GeneratedRegex("^ +expr: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Expression();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(?:by|on) ?\(([^)]+)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex("([a-z_]+) ?(?:=|!=|=~|!~)\"")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"\b[a-z_][a-z0-9_]*\b(?! *\()")]
    private static partial Regex Identifier();
}
