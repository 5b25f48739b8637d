using System.Numerics;
using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>Writer for <see cref="PackedReader"/>, into a sufficiently large buffer.</summary>
internal ref struct PackedWriter(Span<byte> destination)
{
    private const int GuidBytes = 16;
    private const int BitsPerByte = 7;

    private readonly Span<byte> _destination = destination;

    /// <summary>The number of bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Returns the size of a number in bytes.</summary>
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

    /// <summary>Writes a text in UTF-8, as a block.</summary>
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
