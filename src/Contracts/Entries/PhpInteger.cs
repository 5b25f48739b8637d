using System.Buffers.Text;

namespace OrleansSessions.Contracts;

/// <summary>Integers in PHP's <c>serialize()</c> format: <c>i:5;</c></summary>
internal static class PhpInteger
{
    private const byte End = (byte)';';

    private static ReadOnlySpan<byte> Start => "i:"u8;

    /// <summary>Reads an integer at the start of a text; <paramref name="length"/> is its serialized length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long value, out int length)
    {
        (value, length) = (0, 0);
        if (!text.StartsWith(Start))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[Start.Length..];
        int digits = rest[..Math.Min(rest.Length, CanonicalInteger.MaxLength + 1)].IndexOf(End);
        length = Start.Length + digits + 1;
        return digits > 0 && CanonicalInteger.TryParse(rest[..digits], out value);
    }

    public static byte[] Write(long value)
    {
        Span<byte> text = stackalloc byte[Start.Length + CanonicalInteger.MaxLength + 1];
        Start.CopyTo(text);
        Utf8Formatter.TryFormat(value, text[Start.Length..], out int digits);
        text[Start.Length + digits] = End;
        return text[..(Start.Length + digits + 1)].ToArray();
    }
}
