using System.Numerics;
using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>Writes what <see cref="PackedReader"/> reads, into bytes that its user has made large enough.</summary>
internal ref struct PackedWriter(Span<byte> destination)
{
    private const int GuidBytes = 16;
    private const int BitsPerByte = 7;

    private readonly Span<byte> _destination = destination;

    /// <summary>How many bytes were written.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes that a number takes.</summary>
    public static int SizeOf(long number) => (BitOperations.Log2((ulong)number | 1) / BitsPerByte) + 1;

    public void WriteByte(byte value) => _destination[Length++] = value;

    public void WriteNumber(long number)
    {
        ulong rest = (ulong)number;
        while (rest >= 0x80)
        {
            WriteByte((byte)(rest | 0x80));
            rest >>= BitsPerByte;
        }

        WriteByte((byte)rest);
    }

    public void WriteBlock(scoped ReadOnlySpan<byte> bytes)
    {
        WriteNumber(bytes.Length);
        WriteBytes(bytes);
    }

    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[Length..]);
        Length += bytes.Length;
    }

    /// <summary>A text in UTF-8, as a block.</summary>
    public void WriteText(string text)
    {
        WriteNumber(Encoding.UTF8.GetByteCount(text));
        Length += Encoding.UTF8.GetBytes(text, _destination[Length..]);
    }

    public void WriteGuid(Guid value)
    {
        value.TryWriteBytes(_destination[Length..]);
        Length += GuidBytes;
    }
}
