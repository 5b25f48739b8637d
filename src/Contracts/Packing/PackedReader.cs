namespace OrleansSessions.Contracts;

/// <summary>Reads packed bytes, one thing after the other. Whatever the bytes are, it reads within them or throws <see cref="InvalidDataException"/>.</summary>
internal ref struct PackedReader(ReadOnlySpan<byte> packed)
{
    private const int GuidBytes = 16;
    private const int BitsPerByte = 7;

    private readonly ReadOnlySpan<byte> _packed = packed;

    /// <summary>How many bytes were read.</summary>
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

    /// <summary>A number: seven bits a byte, lowest first, the eighth bit says that more come.</summary>
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

    /// <summary>A number of things or bytes that are still to come, none of them smaller than a byte.</summary>
    public int ReadCount()
    {
        long count = ReadNumber();
        return count >= 0 && count <= _packed.Length - Position ? (int)count : throw Damaged();
    }

    /// <summary>Bytes behind their number.</summary>
    public ReadOnlySpan<byte> ReadBlock() => ReadBytes(ReadCount());

    public Guid ReadGuid() => new(ReadBytes(GuidBytes));

    private readonly InvalidDataException Damaged() => new($"Packed bytes are damaged: byte {Position} of {_packed.Length} can't be what it should.");
}
