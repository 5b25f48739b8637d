namespace OrleansSessions.Contracts;

/// <summary>Sequential reader of packed bytes. It never reads beyond them: malformed bytes throw <see cref="InvalidDataException"/>.</summary>
internal ref struct PackedReader(ReadOnlySpan<byte> packed)
{
    private const int GuidBytes = 16;
    private const int BitsPerByte = 7;

    private readonly ReadOnlySpan<byte> _packed = packed;

    /// <summary>The number of bytes read.</summary>
    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position == _packed.Length;

    public byte ReadByte() => ReadBytes(1)[0];

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > _packed.Length - Position)
        {
            throw Damaged();
        }

        ReadOnlySpan<byte> bytes = _packed.Slice(Position, count);
        Position += count;
        return bytes;
    }

    /// <summary>Reads a number: seven bits per byte, lowest first; the eighth bit means that more follow.</summary>
    public long ReadNumber()
    {
        ulong number = 0;
        for (int shift = 0; shift < sizeof(ulong) * 8; shift += BitsPerByte)
        {
            byte next = ReadByte();
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)number;
            }
        }

        throw Damaged();
    }

    /// <summary>Reads a count of items or bytes that follow, each at least one byte.</summary>
    public int ReadCount()
    {
        long count = ReadNumber();
        return count >= 0 && count <= _packed.Length - Position ? (int)count : throw Damaged();
    }

    /// <summary>Reads bytes preceded by their count.</summary>
    public ReadOnlySpan<byte> ReadBlock() => ReadBytes(ReadCount());

    public Guid ReadGuid() => new(ReadBytes(GuidBytes));

    private readonly InvalidDataException Damaged() => new($"Packed bytes are malformed at byte {Position} of {_packed.Length}.");
}
