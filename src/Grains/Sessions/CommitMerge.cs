using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Applies a commit's changes to a session's entries: all of them, or none. Pure.</summary>
internal static class CommitMerge
{
    /// <param name="entries">The entries as they are.</param>
    /// <param name="changes">The changes, applied in order.</param>
    /// <param name="version">The version that the commit makes; it becomes the version of each entry that is set.</param>
    /// <param name="limits">What the result must not exceed.</param>
    public static MergeResult Apply(
        ImmutableArray<SessionEntry> entries,
        ImmutableArray<SessionChange> changes,
        long version,
        SessionLimits limits)
    {
        // More changes than could leave a trace is abuse; the bound keeps the time that a commit takes within that of the limits.
        long maxChanges = 2L * limits.MaxEntries + 2;
        if (changes.Length > maxChanges)
        {
            return MergeResult.Exceeds("number of changes in one commit", maxChanges, changes.Length);
        }

        var merged = ImmutableArray.CreateBuilder<SessionEntry>(entries.Length + 1);
        merged.AddRange(entries);
        List<long>? numbers = null;
        TimeSpan? idleTimeout = null;
        SessionShape? shape = null;
        foreach (SessionChange change in changes)
        {
            switch (change.Kind)
            {
                case > SessionChangeKind.SetShape:
                    return new MergeResult(CommitOutcome.NotUnderstood);
                case SessionChangeKind.Clear:
                    merged.Clear();
                    continue;
                case SessionChangeKind.SetShape when change.Number is < 0 or > (long)SessionShape.Hash:
                    return new MergeResult(CommitOutcome.NotUnderstood);
                case SessionChangeKind.SetShape:
                    shape = (SessionShape)change.Number;
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

            if (!SessionEntry.IsValidName(change.Name))
            {
                return new MergeResult(CommitOutcome.InvalidName) { EntryName = change.Name };
            }

            int index = IndexOf(merged, change.Name);
            SessionEntry? existing = index < 0 ? null : merged[index];
            switch (change.Kind)
            {
                case SessionChangeKind.Remove:
                    if (existing is not null)
                    {
                        merged.RemoveAt(index);
                    }

                    continue;
                case SessionChangeKind.SetIfVersion when (existing?.Version ?? 0) != change.Number:
                    return new MergeResult(CommitOutcome.Conflict) { EntryName = change.Name };
                case SessionChangeKind.Set or SessionChangeKind.SetIfVersion:
                    Put(merged, index, change.Name, change.Value ?? [], change.Format, version);
                    break;
                case SessionChangeKind.Add:
                    if (!TryAdd(existing, change.Number, out long sum))
                    {
                        return new MergeResult(CommitOutcome.NotANumber) { EntryName = change.Name };
                    }

                    Put(merged, index, change.Name, Utf8(sum), existing?.Format ?? EntryFormat.Json, version);
                    (numbers ??= []).Add(sum);
                    break;
            }

            int nameBytes = Encoding.UTF8.GetByteCount(change.Name);
            if (nameBytes > limits.MaxNameBytes)
            {
                return MergeResult.Exceeds("entry name in bytes", limits.MaxNameBytes, nameBytes);
            }
        }

        if (merged.Count > limits.MaxEntries && merged.Count > entries.Length)
        {
            return MergeResult.Exceeds("number of entries", limits.MaxEntries, merged.Count);
        }

        ImmutableArray<SessionEntry> result = merged.DrainToImmutable();
        long bytes = SizeOf(result);
        if (bytes > limits.MaxBytes && bytes > SizeOf(entries))
        {
            return MergeResult.Exceeds("session size in bytes", limits.MaxBytes, bytes);
        }

        return new MergeResult(CommitOutcome.Applied) { Entries = result, Numbers = numbers?.ToArray(), IdleTimeout = idleTimeout, Shape = shape };
    }

    /// <summary>The size that counts towards the limit.</summary>
    public static long SizeOf(ImmutableArray<SessionEntry> entries)
    {
        long bytes = 0;
        foreach (SessionEntry entry in entries)
        {
            bytes += Encoding.UTF8.GetByteCount(entry.Name) + entry.Value.Length;
        }

        return bytes;
    }

    private static int IndexOf(ImmutableArray<SessionEntry>.Builder entries, string name)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (string.Equals(entries[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    private static void Put(ImmutableArray<SessionEntry>.Builder entries, int index, string name, byte[] value, EntryFormat format, long version)
    {
        var entry = new SessionEntry { Name = name, Value = value, Format = format, Version = version };
        if (index < 0)
        {
            entries.Add(entry);
        }
        else
        {
            entries[index] = entry;
        }
    }

    private static bool TryAdd(SessionEntry? existing, long by, out long sum)
    {
        long current = 0;
        sum = 0;
        if (existing is not null
            && !(existing.Format is EntryFormat.Json or EntryFormat.Bytes
                && Utf8Parser.TryParse(existing.Value, out current, out int consumed)
                && consumed == existing.Value.Length))
        {
            return false;
        }

        sum = unchecked(current + by);
        bool overflow = ((current ^ sum) & (by ^ sum)) < 0;
        return !overflow;
    }

    private static byte[] Utf8(long number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
