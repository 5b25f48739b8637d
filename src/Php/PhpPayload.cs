using System.Collections.Immutable;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Php;

/// <summary>What PHP's session module stores, taken apart into entries and put together again.</summary>
public static class PhpPayload
{
    /// <summary>
    /// Splits a payload of PHP's <c>php</c> or <c>php_serialize</c> handler into its entries: format <see cref="EntryFormat.Php"/>, version 0, in the payload's order.
    /// </summary>
    /// <param name="payload">What PHP wrote. Nothing at all is <c>php</c> without entries.</param>
    /// <param name="maxEntries">The number of entries that a session may have.</param>
    /// <param name="maxNameBytes">The UTF-8 bytes that an entry's name may have.</param>
    /// <param name="handler">The handler that wrote it.</param>
    /// <param name="entries">The entries; empty if it can't be split.</param>
    /// <returns>
    /// True if <see cref="Join"/> makes the same bytes of the entries, and entries may be removed, replaced and re-ordered one by one. False: keep the payload as it is.
    /// That is so if it is of another format, holds a reference from one value to another or an object that serializes itself (<c>C:</c>), is nested deeper than 256,
    /// exceeds a limit, or has a name that no entry can have (<see cref="SessionEntry.IsValidName"/>).
    /// </returns>
    public static bool TrySplit(
        ReadOnlySpan<byte> payload, int maxEntries, int maxNameBytes, out PhpHandler handler, out ImmutableArray<SessionEntry> entries)
    {
        handler = PhpName.BeginsLikeArray(payload) ? PhpHandler.PhpSerialize : PhpHandler.Php;
        var splitter = new PayloadSplitter(handler, maxEntries, maxNameBytes);
        bool isSplit = splitter.TrySplit(payload);
        entries = isSplit ? splitter.Entries : [];
        return isSplit;
    }

    /// <summary>
    /// Puts entries together to a payload that PHP reads, in their order. Entries of format <see cref="EntryFormat.Json"/> and <see cref="EntryFormat.Bytes"/>
    /// are converted (<see cref="PhpValue"/>).
    /// </summary>
    /// <remarks>
    /// What PHP would not read and write again is left out: with the <c>php</c> handler, names that hold '|', begin with '!' or are integers; and values that only
    /// say that they are serialized. So <see cref="TrySplit"/> splits what this makes, and tells what PHP was shown: an entry that it was not shown is not PHP's to remove.
    /// </remarks>
    public static byte[] Join(PhpHandler handler, ImmutableArray<SessionEntry> entries)
    {
        var shown = new List<(byte[] Name, byte[] Value)>(entries.Length);
        foreach (SessionEntry entry in entries)
        {
            byte[] name = Encoding.UTF8.GetBytes(entry.Name);
            if (PhpName.CanBeIn(handler, name) && ToPhp(entry) is { } value)
            {
                shown.Add((name, value));
            }
        }

        return handler == PhpHandler.PhpSerialize ? JoinArray(shown) : JoinNames(shown);
    }

    /// <summary>
    /// Whether <see cref="Join"/> shows each of these entries, and its value as it is stored. <see cref="TrySplit"/> would then make the same entries of the payload,
    /// but for their versions.
    /// </summary>
    public static bool IsShownAsItIs(PhpHandler handler, ImmutableArray<SessionEntry> entries)
    {
        foreach (SessionEntry entry in entries)
        {
            if (entry.Format != EntryFormat.Php || !PhpName.CanBeIn(handler, Encoding.UTF8.GetBytes(entry.Name)) || !PhpReader.IsValue(entry.Value))
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] JoinArray(List<(byte[] Name, byte[] Value)> shown)
    {
        var writer = new PhpWriter();
        writer.WriteArrayStart(shown.Count);
        foreach ((byte[] name, byte[] value) in shown)
        {
            writer.WriteKey(name);
            writer.WriteRaw(value);
        }

        writer.WriteArrayEnd();
        return writer.ToArray();
    }

    private static byte[] JoinNames(List<(byte[] Name, byte[] Value)> shown)
    {
        int length = 0;
        foreach ((byte[] name, byte[] value) in shown)
        {
            length += name.Length + 1 + value.Length;
        }

        byte[] payload = new byte[length];
        Span<byte> rest = payload;
        foreach ((byte[] name, byte[] value) in shown)
        {
            name.CopyTo(rest);
            rest[name.Length] = PhpName.End;
            value.CopyTo(rest[(name.Length + 1)..]);
            rest = rest[(name.Length + 1 + value.Length)..];
        }

        return payload;
    }

    private static byte[]? ToPhp(SessionEntry entry) => entry.Format switch
    {
        EntryFormat.Bytes => PhpValue.FromBytes(entry.Value),
        EntryFormat.Json => PhpValue.FromJson(entry.Value),

        // One bad value, and PHP reads none of them.
        EntryFormat.Php when PhpReader.IsValue(entry.Value) => entry.Value,
        _ => null,
    };
}
