using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Applies a commit's changes to a session's packed entries: all of them, or none. Pure.</summary>
internal static class CommitMerge
{
    /// <param name="packed">The entries as they are, as <see cref="EntryPacking"/> packs them.</param>
    /// <param name="changes">The changes, applied in order.</param>
    /// <param name="version">The version that the commit makes; it becomes the version of each entry that is set.</param>
    /// <param name="limits">What the result must not exceed.</param>
    /// <param name="currentShape">The session's shape as it is.</param>
    public static MergeResult Apply(
        byte[] packed,
        ImmutableArray<SessionChange> changes,
        long version,
        SessionLimits limits,
        SessionShape currentShape = SessionShape.Entries)
    {
        // More changes than could leave a trace is abuse; the bound keeps the time that a commit takes within that of the limits.
        long maxChanges = 2L * limits.MaxEntries + 2;
        if (changes.Length > maxChanges)
        {
            return MergeResult.Exceeds("number of changes in one commit", maxChanges, changes.Length);
        }

        (int count, long bytes) = EntryPacking.Measure(packed);
        var merged = new List<PackedEntry>(count + changes.Length);
        EntryPacking.Read(packed, merged);
        List<long>? numbers = null;
        TimeSpan? idleTimeout = null;
        long? deadlineMs = null;
        SessionShape? shape = null;
        bool keepsDeadline = false;
        foreach (SessionChange change in changes)
        {
            switch (change.Kind)
            {
                case > SessionChangeKind.SetDeadline:
                    return new MergeResult(CommitOutcome.NotUnderstood);
                case SessionChangeKind.Clear:
                    merged.Clear();
                    continue;
                case SessionChangeKind.SetShape when change.Number is < 0 or > (long)SessionShape.Hash:
                    return new MergeResult(CommitOutcome.NotUnderstood);
                case SessionChangeKind.SetShape:
                    shape = (SessionShape)change.Number;
                    continue;
                case SessionChangeKind.ExpectShape when change.Number != (long)(shape ?? currentShape):
                    return new MergeResult(CommitOutcome.Conflict);
                case SessionChangeKind.ExpectShape:
                    continue;
                case SessionChangeKind.KeepDeadline:
                    keepsDeadline = true;
                    continue;
                case SessionChangeKind.SetDeadline:
                    deadlineMs = change.Number;
                    continue;
                case SessionChangeKind.SetIdleTimeout:
                    idleTimeout = TimeSpan.FromTicks(change.Number);
                    if (idleTimeout < SessionLifetime.MinIdleTimeout || idleTimeout > SessionLifetime.Max)
                    {
                        return MergeResult.Exceeds(
                            "idle timeout in seconds, which is at least 1,", (long)SessionLifetime.Max.TotalSeconds, (long)idleTimeout.Value.TotalSeconds);
                    }

                    continue;
            }

            bool isUnnamed = change.Kind is SessionChangeKind.SetValue or SessionChangeKind.AddToValue;
            if (isUnnamed ? change.Name.Length > 0 : !SessionEntry.IsValidName(change.Name))
            {
                return new MergeResult(CommitOutcome.InvalidName) { EntryName = change.Name };
            }

            byte[] name = Encoding.UTF8.GetBytes(change.Name);
            int index = IndexOf(merged, name);
            PackedEntry? existing = index < 0 ? null : merged[index];
            switch (change.Kind)
            {
                case SessionChangeKind.Remove:
                case SessionChangeKind.SetValue when change.Value is null:
                    if (existing is not null)
                    {
                        merged.RemoveAt(index);
                    }

                    continue;
                case SessionChangeKind.SetIfVersion when (existing?.Version ?? 0) != change.Number:
                    return new MergeResult(CommitOutcome.Conflict) { EntryName = change.Name };
                case SessionChangeKind.Set or SessionChangeKind.SetIfVersion or SessionChangeKind.SetValue:
                    Put(merged, index, new PackedEntry(name, change.Format, version, change.Value));
                    break;
                case SessionChangeKind.Add or SessionChangeKind.AddToValue:
                    if (!TryAdd(existing, change.Number, out long sum))
                    {
                        return new MergeResult(CommitOutcome.NotANumber) { EntryName = change.Name };
                    }

                    EntryFormat format = existing?.Format ?? (isUnnamed ? EntryFormat.Bytes : EntryFormat.Json);
                    Put(merged, index, new PackedEntry(name, format, version, Number(sum, format)));
                    (numbers ??= []).Add(sum);
                    break;
            }

            if (name.Length > limits.MaxNameBytes)
            {
                return MergeResult.Exceeds("entry name in bytes", limits.MaxNameBytes, name.Length);
            }
        }

        if (merged.Count > limits.MaxEntries && merged.Count > count)
        {
            return MergeResult.Exceeds("number of entries", limits.MaxEntries, merged.Count);
        }

        long mergedBytes = SizeOf(merged);
        if (mergedBytes > limits.MaxBytes && mergedBytes > bytes)
        {
            return MergeResult.Exceeds("session size in bytes", limits.MaxBytes, mergedBytes);
        }

        return new MergeResult(CommitOutcome.Applied)
        {
            Packed = EntryPacking.Repack(merged),
            Numbers = numbers?.ToArray(),
            IdleTimeout = idleTimeout,
            DeadlineMs = deadlineMs,
            KeepsDeadline = keepsDeadline,
            Shape = shape,
        };
    }

    private static long SizeOf(List<PackedEntry> entries)
    {
        long bytes = 0;
        foreach (PackedEntry entry in entries)
        {
            bytes += entry.Name.Length + entry.Value.Length;
        }

        return bytes;
    }

    private static int IndexOf(List<PackedEntry> entries, ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i].Name.Span.SequenceEqual(name))
            {
                return i;
            }
        }

        return -1;
    }

    private static void Put(List<PackedEntry> entries, int index, PackedEntry entry)
    {
        if (index < 0)
        {
            entries.Add(entry);
        }
        else
        {
            entries[index] = entry;
        }
    }

    private static bool TryAdd(PackedEntry? existing, long by, out long sum)
    {
        long current = 0;
        sum = 0;
        if (existing is { } entry
            && !(Digits(entry) is { IsEmpty: false } digits
                && IsCanonical(digits)
                && Utf8Parser.TryParse(digits, out current, out int consumed)
                && consumed == digits.Length))
        {
            return false;
        }

        sum = unchecked(current + by);
        bool overflow = ((current ^ sum) & (by ^ sum)) < 0;
        return !overflow;
    }

    /// <summary>Neither JSON, PHP nor Redis writes a number as <c>+1</c> or <c>01</c>: it is text, and adding to it would change its form.</summary>
    private static bool IsCanonical(ReadOnlySpan<byte> digits) =>
        digits is [(byte)'0'] or [>= (byte)'1' and <= (byte)'9', ..] or [(byte)'-', >= (byte)'1' and <= (byte)'9', ..];

    /// <summary>The digits of a number; nothing if the entry is none. PHP's integers are <c>i:5;</c>.</summary>
    private static ReadOnlySpan<byte> Digits(in PackedEntry entry) => entry.Format switch
    {
        EntryFormat.Json or EntryFormat.Bytes => entry.Value.Span,
        EntryFormat.Php when entry.Value.Span is [(byte)'i', (byte)':', .., (byte)';'] => entry.Value.Span[2..^1],
        _ => [],
    };

    private static byte[] Number(long number, EntryFormat format)
    {
        string digits = number.ToString(CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(format == EntryFormat.Php ? $"i:{digits};" : digits);
    }
}
