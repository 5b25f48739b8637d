using System.Collections.Immutable;
using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>
/// Packed form of a session's entries: one byte array in a silo's memory, between silo and frontend, and in Redis. Each entry is
/// <c>name length, name (UTF-8), format (one byte), version, value length, value</c>; entries follow each other to the end. Lengths and version are
/// numbers as read by <see cref="PackedReader.ReadNumber"/>. Pure. Throws <see cref="InvalidDataException"/> if the bytes are malformed.
/// </summary>
internal static class EntryPacking
{
    public static byte[] Pack(ImmutableArray<SessionEntry> entries) =>
        Repack([.. entries.Select(static entry => new PackedEntry(Encoding.UTF8.GetBytes(entry.Name), entry.Format, entry.Version, entry.Value))]);

    public static byte[] Repack(ReadOnlySpan<PackedEntry> entries)
    {
        int size = 0;
        foreach (ref readonly PackedEntry entry in entries)
        {
            size += SizeOf(entry.Name.Length, entry.Version, entry.Value.Length);
        }

        if (size == 0)
        {
            return [];
        }

        byte[] packed = GC.AllocateUninitializedArray<byte>(size);
        var writer = new PackedWriter(packed);
        foreach (ref readonly PackedEntry entry in entries)
        {
            writer.WriteBlock(entry.Name.Span);
            writer.WriteByte((byte)entry.Format);
            writer.WriteNumber(entry.Version);
            writer.WriteBlock(entry.Value.Span);
        }

        return packed;
    }

    /// <summary>Unpacks the entries, with a copy of each value: changing it does not affect the packed bytes.</summary>
    public static ImmutableArray<SessionEntry> Unpack(ReadOnlySpan<byte> packed)
    {
        var entries = ImmutableArray.CreateBuilder<SessionEntry>(Count(packed));
        var reader = new PackedReader(packed);
        while (!reader.IsAtEnd)
        {
            entries.Add(new SessionEntry
            {
                Name = RecurringText.Get(reader.ReadBlock()),
                Format = (EntryFormat)reader.ReadByte(),
                Version = reader.ReadNumber(),
                Value = reader.ReadBlock().ToArray(),
            });
        }

        return entries.MoveToImmutable();
    }

    /// <summary>Adds the entries to a list, as slices of the packed bytes.</summary>
    public static void Read(ReadOnlyMemory<byte> packed, List<PackedEntry> entries)
    {
        var reader = new PackedReader(packed.Span);
        while (!reader.IsAtEnd)
        {
            ReadOnlyMemory<byte> name = ReadBlock(packed, ref reader);
            var format = (EntryFormat)reader.ReadByte();
            long version = reader.ReadNumber();
            entries.Add(new PackedEntry(name, format, version, ReadBlock(packed, ref reader)));
        }
    }

    /// <summary>Returns the number of entries.</summary>
    public static int Count(ReadOnlySpan<byte> packed) => Measure(packed).Count;

    /// <summary>Returns the number of entries, and the bytes of their names and values, as counted by a session's limits.</summary>
    public static (int Count, long Bytes) Measure(ReadOnlySpan<byte> packed)
    {
        int count = 0;
        long bytes = 0;
        var reader = new PackedReader(packed);
        while (!reader.IsAtEnd)
        {
            bytes += reader.ReadBlock().Length;
            reader.ReadByte();
            reader.ReadNumber();
            bytes += reader.ReadBlock().Length;
            count++;
        }

        return (count, bytes);
    }

    private static int SizeOf(int nameBytes, long version, int valueBytes) =>
        PackedWriter.SizeOf(nameBytes) + nameBytes + 1 + PackedWriter.SizeOf(version) + PackedWriter.SizeOf(valueBytes) + valueBytes;

    private static ReadOnlyMemory<byte> ReadBlock(ReadOnlyMemory<byte> packed, ref PackedReader reader)
    {
        int length = reader.ReadBlock().Length;
        return packed.Slice(reader.Position - length, length);
    }
}
