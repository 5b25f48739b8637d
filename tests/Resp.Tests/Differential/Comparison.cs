using System.Globalization;
using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Differential;

/// <summary>Comparison of two replies: times may differ by the sequence's duration and slightly more, and a hash has no order.</summary>
internal sealed class Comparison(TimeSpan duration)
{
    private readonly TimeSpan _apart = duration + TimeSpan.FromSeconds(3);

    public bool AreSame(string command, RespAnswer expected, RespAnswer actual)
    {
        if (expected.Items is not { } items || actual.Items is not { } others)
        {
            return (expected.Items is null) == (actual.Items is null) && (expected.Text == actual.Text || AreCloseTimes(command, expected.Text, actual.Text)
                || IsErrorOfScript(command, expected.Text, actual.Text));
        }

        return items.Count == others.Count && Sorted(command, items).Zip(Sorted(command, others), (left, right) => AreSame(command, left, right)).All(static same => same);
    }

    /// <summary>Compares replies to EXEC: each part corresponds to a queued command.</summary>
    public bool AreSame(IReadOnlyList<string> queued, RespAnswer expected, RespAnswer actual) =>
        expected.Items is { } items && actual.Items is { } others && items.Count == queued.Count && others.Count == queued.Count
            ? Enumerable.Range(0, queued.Count).All(i => AreSame(queued[i], items[i], others[i]))
            : AreSame("EXEC", expected, actual);

    private static IEnumerable<RespAnswer> Sorted(string command, IReadOnlyList<RespAnswer> items) => command switch
    {
        "HGETALL" => items.Chunk(2).OrderBy(static pair => pair[0].Text, StringComparer.Ordinal).SelectMany(static pair => pair),
        "HKEYS" or "HVALS" => items.OrderBy(static item => item.Text, StringComparer.Ordinal),
        _ => items,
    };

    /// <summary>Redis appends the script's name and line.</summary>
    private static bool IsErrorOfScript(string command, string expected, string actual) =>
        command == "EVAL" && actual[0] == '-' && expected.StartsWith(actual + " script: ", StringComparison.Ordinal);

    private bool AreCloseTimes(string command, string expected, string actual)
    {
        long unit = command switch { "TTL" or "EXPIRETIME" => 1, "PTTL" or "PEXPIRETIME" => 1_000, _ => 0 };
        return unit > 0 && TryRead(expected, out long left) && TryRead(actual, out long right) && left > 0 && right > 0
            && Math.Abs(left - right) <= _apart.TotalSeconds * unit;
    }

    private static bool TryRead(string reply, out long number)
    {
        number = 0;
        return reply[0] == ':' && long.TryParse(reply.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
