using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Telemetry;

/// <summary>Instruments match docs/telemetry.md, and each changes when its event occurs.</summary>
[Collection(typeof(ObservedCollection))]
public sealed class MetricsTests(ObservedCluster cluster)
{
    private const string Prefix = "orleans_sessions_";

    private static IReadOnlyList<DocumentedInstrument> Documented { get; } = DocumentedInstrument.ReadAll();

    [Fact]
    public void Instruments_AreThoseThatAreDocumented()
    {
        Tools.Require(Tools.RedisServer);
        IEnumerable<string> served = cluster.After.Types.Where(type => type.Key.StartsWith(Prefix, StringComparison.Ordinal)).Select(type => $"{type.Key} {type.Value}");

        Assert.Equal(
            Documented.Select(instrument => $"{instrument.PrometheusName} {instrument.PrometheusType}").Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Instruments_HaveTheTagsThatAreDocumented()
    {
        Tools.Require(Tools.RedisServer);
        foreach (DocumentedInstrument instrument in Documented)
        {
            IEnumerable<(string Name, string Value)> labels = cluster.After.Samples(instrument.PrometheusName).Keys.SelectMany(Labels).Distinct();
            Assert.Equal(
                instrument.Tags.Keys.Order(StringComparer.Ordinal),
                labels.Select(label => label.Name).Distinct().Order(StringComparer.Ordinal));
            Assert.All(labels, label => Assert.True(
                instrument.Tags[label.Name] is [] || instrument.Tags[label.Name].Contains(label.Value), $"{instrument.Name}: {label.Name}={label.Value} is not documented."));
        }
    }

    [Fact]
    public void Instruments_AllHaveMoved()
    {
        Tools.Require(Tools.RedisServer);
        Assert.All(Documented, instrument => Assert.True(Moved(cluster.Before, cluster.During, instrument) || Moved(cluster.During, cluster.After, instrument), instrument.Name));
    }

    [Theory]
    [InlineData("orleans_sessions_loads_total", "outcome=\"active\"")]
    [InlineData("orleans_sessions_loads_total", "outcome=\"none\"")]
    [InlineData("orleans_sessions_tokens_refused_total", "reason=\"wrong\"")]
    [InlineData("orleans_sessions_commits_total", "outcome=\"applied\"")]
    [InlineData("orleans_sessions_commits_total", "outcome=\"gone\"")]
    [InlineData("orleans_sessions_commits_total", "outcome=\"limit_exceeded\"")]
    [InlineData("orleans_sessions_commits_total", "outcome=\"not_a_number\"")]
    [InlineData("orleans_sessions_commits_total", "outcome=\"unavailable\"")]
    [InlineData("orleans_sessions_sessions_ended_total", "reason=\"destroyed\"")]
    [InlineData("orleans_sessions_lock_wait_duration_seconds", "outcome=\"acquired\"")]
    [InlineData("orleans_sessions_lock_wait_duration_seconds", "outcome=\"refused\"")]
    [InlineData("orleans_sessions_storage_duration_seconds", "operation=\"write\",outcome=\"ok\"")]
    [InlineData("orleans_sessions_storage_duration_seconds", "outcome=\"unavailable\"")]
    [InlineData("orleans_sessions_sweep_sessions_total", "outcome=\"removed\"")]
    [InlineData("orleans_sessions_resp_commands_total", "command=\"setex\",outcome=\"ok\"")]
    [InlineData("orleans_sessions_resp_commands_total", "command=\"other\",outcome=\"error\"")]
    [InlineData("orleans_sessions_tls_refused_total", "port=\"gateway\",reason=\"no_certificate\"")]
    public void Instrument_TellsWhatBecameOfIt(string metric, string labels)
    {
        Tools.Require(Tools.RedisServer);
        Assert.True(cluster.After.Sum(metric, labels) > 0, $"{metric}{{{labels}}} did not move.");
    }

    [Fact]
    public void Metrics_HoldNoSecret()
    {
        Tools.Require(Tools.RedisServer);
        Assert.All(cluster.Secrets, secret => Assert.DoesNotContain(secret, cluster.After.Text));
    }

    private static bool Moved(Scrape from, Scrape to, DocumentedInstrument instrument) => !Sorted(from, instrument).SequenceEqual(Sorted(to, instrument));

    private static IEnumerable<KeyValuePair<string, double>> Sorted(Scrape scrape, DocumentedInstrument instrument) =>
        scrape.Samples(instrument.PrometheusName).OrderBy(sample => sample.Key, StringComparer.Ordinal);

    private static IEnumerable<(string Name, string Value)> Labels(string sample) =>
        from pair in sample[(sample.IndexOf('{', StringComparison.Ordinal) + 1)..].TrimEnd('}').Split(',')
        let label = pair.Split('=')
        where label.Length == 2 && !label[0].StartsWith("otel_", StringComparison.Ordinal)
        select (label[0], label[1].Trim('"'));
}
