using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Reference model of a commit: one dictionary, and unbounded numbers.</summary>
internal sealed record MergeModel(CommitOutcome Outcome)
{
    public ImmutableArray<SessionEntry> Entries { get; private init; } = [];

    public long[] Numbers { get; private init; } = [];

    public TimeSpan? IdleTimeout { get; private init; }

    public static MergeModel Of(ImmutableArray<SessionEntry> session, ImmutableArray<SessionChange> changes, long version, SessionLimits limits)
    {
        if (changes.Length > 2 * limits.MaxEntries + 2)
        {
            return new(CommitOutcome.LimitExceeded);
        }

        var entries = session.ToDictionary(entry => entry.Name);
        List<string> order = [.. entries.Keys];
        List<long> numbers = [];
        TimeSpan? idle = null;
        foreach (SessionChange change in changes)
        {
            if (change.Kind == SessionChangeKind.Clear)
            {
                entries.Clear();
                order.Clear();
                continue;
            }

            if (change.Kind == SessionChangeKind.SetIdleTimeout)
            {
                idle = change.IdleTimeout;
                if (idle < TimeSpan.FromSeconds(1) || idle > TimeSpan.FromDays(400))
                {
                    return new(CommitOutcome.LimitExceeded);
                }

                continue;
            }

            if (change.Name.Length == 0 || change.Name.Any(char.IsControl) || Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(change.Name)) != change.Name)
            {
                return new(CommitOutcome.InvalidName);
            }

            entries.TryGetValue(change.Name, out SessionEntry? existing);
            SessionEntry? next = new() { Name = change.Name, Value = change.Value ?? [], Format = change.Format, Version = version };
            switch (change.Kind)
            {
                case SessionChangeKind.Remove:
                    next = null;
                    break;
                case SessionChangeKind.SetIfVersion when (existing?.Version ?? 0) != change.ExpectedVersion:
                    return new(CommitOutcome.Conflict);
                case SessionChangeKind.Add:
                    BigInteger? sum = Number(existing) + change.Addend;
                    if (sum is null || sum < long.MinValue || sum > long.MaxValue)
                    {
                        return new(CommitOutcome.NotANumber);
                    }

                    numbers.Add((long)sum);
                    string text = sum.Value.ToString(CultureInfo.InvariantCulture);
                    next = next with
                    {
                        Value = Encoding.UTF8.GetBytes(existing?.Format == EntryFormat.Php ? $"i:{text};" : text),
                        Format = existing?.Format ?? EntryFormat.Json,
                    };
                    break;
            }

            if (next is null)
            {
                entries.Remove(change.Name);
                order.Remove(change.Name);
            }
            else
            {
                if (Encoding.UTF8.GetByteCount(change.Name) > limits.MaxNameBytes)
                {
                    return new(CommitOutcome.LimitExceeded);
                }

                if (entries.TryAdd(change.Name, next))
                {
                    order.Add(change.Name);
                }

                entries[change.Name] = next;
            }
        }

        bool tooMany = order.Count > limits.MaxEntries && order.Count > session.Length;
        bool tooLarge = Size(entries.Values) > limits.MaxBytes && Size(entries.Values) > Size(session);
        return tooMany || tooLarge
            ? new(CommitOutcome.LimitExceeded)
            : new(CommitOutcome.Applied) { Entries = [.. order.Select(name => entries[name])], Numbers = [.. numbers], IdleTimeout = idle };
    }

    /// <summary>The numeric value of an entry; null if it is not a number.</summary>
    private static BigInteger? Number(SessionEntry? entry)
    {
        if (entry is null)
        {
            return 0;
        }

        string text = Encoding.Latin1.GetString(entry.Value);
        if (entry.Format == EntryFormat.Php)
        {
            if (!text.StartsWith("i:", StringComparison.Ordinal) || !text.EndsWith(';'))
            {
                return null;
            }

            text = text[2..^1];
        }

        string digits = text.StartsWith('-') || text.StartsWith('+') ? text[1..] : text;
        bool isNumber = digits.Length > 0 && digits.All(char.IsAsciiDigit);
        return isNumber && BigInteger.Parse(text, CultureInfo.InvariantCulture) is var number && number >= long.MinValue && number <= long.MaxValue ? number : null;
    }

    private static long Size(IEnumerable<SessionEntry> entries) => entries.Sum(entry => Encoding.UTF8.GetByteCount(entry.Name) + (long)entry.Value.Length);
}
