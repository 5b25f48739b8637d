using System.Globalization;
using System.Text;

namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>Markdown table of all sizes; bold marks figures that are worse than their comparison.</summary>
internal static class GrowthTable
{
    private static readonly (string Title, Func<GrowthResult, string> Cell)[] Rows =
    [
        ("silo memory per active session, read back from Redis: heap (resident)", result => Bytes(result.LoadedHeapBytes, result.LoadedResidentBytes)),
        ("the same, just created: heap (resident)", result => Bytes(result.CreatedHeapBytes, result.CreatedResidentBytes)),
        ("Redis memory per stored session", result => Invariant($"{result.RedisBytes:N0} bytes")),
        ("the same entries as a plain hash with a TTL", result => Invariant($"{result.PlainRedisBytes:N0} bytes")),
        ("ratio", result => Emphasize(Invariant($"{result.RedisBytes / result.PlainRedisBytes:F2}x"), result.RedisBytes > result.PlainRedisBytes)),
        ("creation", result => Invariant($"{result.CreationRate:N0}/s")),
        ("start of a silo until it is ready, so many stored", result => Invariant($"{result.StartSeconds:F1} s")),
        ("activation of cold sessions", result => Invariant($"{result.ActivationRate:N0}/s")),
        ("all expire: swept", result => Rate(result.Swept)),
        ("foreground p99 before, during", result => Latency(result.Swept)),
        ("all expire, a reminder each", result => Rate(result.Reminded)),
        ("foreground p99 before, during", result => Latency(result.Reminded)),
        ("foreground errors: sweep, reminders", result => Invariant($"{result.Swept.Errors}, {result.Reminded.Errors}")),
    ];

    public static string Write(IReadOnlyList<GrowthResult> results, string hardware)
    {
        var text = new StringBuilder(Invariant($"# Growth\n\n{DateTime.UtcNow:yyyy-MM-dd}. {hardware}. One silo; sessions of four 100-byte entries and a counter.\n\n"));
        text.Append("| sessions |").AppendJoin(string.Empty, results.Select(result => Invariant($" {result.Sessions:N0} |"))).Append('\n');
        text.Append("|---|").AppendJoin(string.Empty, results.Select(_ => "---|")).Append('\n');
        foreach ((string title, Func<GrowthResult, string> cell) in Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {title} |").AppendJoin(string.Empty, results.Select(result => $" {cell(result)} |")).Append('\n');
        }

        return text.Append("\nBold: worse than what it is compared to.\n").ToString();
    }

    private static string Bytes(double heap, double resident) => Invariant($"{heap:N0} ({resident:N0}) bytes");

    private static string Rate(Expiry expiry) => expiry.Due == 0 ? "not tried" : Invariant($"{expiry.Rate:N0}/s, {expiry.Outcome}");

    private static string Latency(Expiry expiry) => (expiry.Before, expiry.During) is ({ } before, { } during)
        ? Emphasize(Invariant($"{before.Median:F1}, {during.Median:F1} ms (worst {during.Max:F1})"), during.Median > before.Median)
        : "-";

    private static string Emphasize(string text, bool emphasize) => emphasize ? $"**{text}**" : text;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
