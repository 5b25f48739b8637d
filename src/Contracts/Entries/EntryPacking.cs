using System.Collections.Immutable;
using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>
/// A session's entries as one array of bytes: in a silo's memory, between silo and frontend, and in Redis. Each entry is
/// <c>name length, name (UTF-8), format (one byte), version, value length, value</c>, one after the other to the end; lengths and version are
/// numbers as <see cref="PackedReader.ReadNumber"/> reads them. Pure. Throws
/// <see cref="InvalidDataException"/> if the bytes are malformed.
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

    /// <summary>The entries, each with a value of its own: nothing that is done to it reaches the packed bytes.</summary>
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

    /// <summary>Adds the entries to a list, as parts of the packed bytes.</summary>
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

    /// <summary>The number of entries.</summary>
    public static int Count(ReadOnlySpan<byte> packed) => Measure(packed).Count;

    /// <summary>The number of entries, and the bytes of their names and values: what counts towards a session's limits.</summary>
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
