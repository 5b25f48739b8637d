using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Stores;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Telemetry;

/// <summary>Traces lead from the browser's request through the grain call to the write in Redis.</summary>
[Collection(typeof(ObservedCollection))]
public sealed class TraceTests(ObservedCluster cluster)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("PUT /api/session/entries/{name}", "ISessionGrain/CommitAsync", "session.commit", "storage.write")]
    [InlineData("RESP setex", "ISessionGrain/CommitAsync", "session.commit", "storage.write")]
    public async Task Trace_OfAWrite_JoinsRequestGrainCallAndRedis(params string[] path)
    {
        Tools.Require(Tools.RedisServer);

        await Eventually.TrueAsync(string.Join(" -> ", path), Soon, () =>
        {
            Dictionary<string, OtlpSpan> spans = OtlpSpan.ReadAll(cluster.Traces.ReceivedTraces()).DistinctBy(span => span.Id).ToDictionary(span => span.Id);
            return spans.Values.Any(span => span.Name == path[^1] && Leads(spans, span, path));
        });
    }

    [Fact]
    public async Task TelemetryPage_ShowsTheSpansOfAWrite()
    {
        Tools.Require(Tools.RedisServer);
        string[] lines = await File.ReadAllLinesAsync(Repository.Source("docs/telemetry.md"), TestContext.Current.CancellationToken);
        string[] shown = [.. lines.SkipWhile(line => !line.StartsWith("    PUT ", StringComparison.Ordinal)).TakeWhile(line => line.Length > 0)];
        string[] path = [.. shown.Select(line => line.Trim().Split("  ")[0])];
        Assert.Equal(Enumerable.Range(2, shown.Length).Select(depth => depth * 2), shown.Select(line => line.Length - line.TrimStart().Length));

        await Eventually.TrueAsync(string.Join(" -> ", path), Soon, () =>
        {
            Dictionary<string, OtlpSpan> spans = OtlpSpan.ReadAll(cluster.Traces.ReceivedTraces()).DistinctBy(span => span.Id).ToDictionary(span => span.Id);
            return spans.Values.Any(span => span.Name == path[^2] && Leads(spans, span, path[..^1]))
                && spans.Values.Any(span => span.Name == path[^1] && spans.GetValueOrDefault(span.Parent)?.Name == path[^2]);
        });
    }

    [Fact]
    public void Traces_HoldNoSecret()
    {
        Tools.Require(Tools.RedisServer);
        byte[] received = cluster.Traces.Received();
        Assert.All(cluster.Secrets, secret => Assert.False(new SecretText(secret).IsIn(received), secret));
    }

    /// <summary>Whether these are the span's ancestors from a root on, with others allowed in between.</summary>
    private static bool Leads(Dictionary<string, OtlpSpan> spans, OtlpSpan last, string[] path)
    {
        List<OtlpSpan> line = [last];
        while (spans.TryGetValue(line[0].Parent, out OtlpSpan? parent))
        {
            line.Insert(0, parent);
        }

        string[] passed = [.. line.Select(span => span.Name).Where(path.Contains).Distinct()];
        return line[0].Parent.Length == 0 && line[0].Name == path[0] && line.All(span => span.Trace == last.Trace) && passed.SequenceEqual(path);
    }
}
