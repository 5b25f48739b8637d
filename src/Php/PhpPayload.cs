using System.Collections.Immutable;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Php;

/// <summary>Payloads of PHP's session module, split into entries and joined again.</summary>
public static class PhpPayload
{
    /// <summary>
    /// Splits a payload of PHP's <c>php</c> or <c>php_serialize</c> handler into its entries: format <see cref="EntryFormat.Php"/>, version 0, in the payload's order.
    /// </summary>
    /// <param name="payload">PHP's bytes. An empty payload is <c>php</c> without entries.</param>
    /// <param name="maxEntries">The maximum number of entries.</param>
    /// <param name="maxNameBytes">The maximum length of an entry's name in UTF-8 bytes.</param>
    /// <param name="handler">The handler that wrote it.</param>
    /// <param name="entries">The entries; empty if it can't be split.</param>
    /// <returns>
    /// True if <see cref="Join"/> restores the same bytes from the entries, and entries can be removed, replaced and reordered independently. False if the payload
    /// must be kept as it is: it is in another format, contains a reference between values or an object that serializes itself (<c>C:</c>), is nested deeper than
    /// 256, exceeds a limit, or has a name that no entry can have (<see cref="SessionEntry.IsValidName"/>).
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
    /// Joins entries, in their order, to a payload that PHP can read. Converts entries of format <see cref="EntryFormat.Json"/> and <see cref="EntryFormat.Bytes"/>
    /// (<see cref="PhpValue"/>).
    /// </summary>
    /// <remarks>
    /// Omits entries that PHP would not read and write back: with the <c>php</c> handler, names that contain '|', begin with '!' or are integers; and values marked
    /// as serialized that are not. So <see cref="TrySplit"/> can split the result, and shows which entries PHP saw. PHP cannot remove an entry that it did not see.
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
    /// Whether <see cref="Join"/> includes each of these entries with its value unchanged. <see cref="TrySplit"/> would then return the same entries, apart from
    /// their versions.
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

        // Check each value: a single invalid one makes PHP discard the whole payload.
        EntryFormat.Php when PhpReader.IsValue(entry.Value) => entry.Value,
        _ => null,
    };
}
