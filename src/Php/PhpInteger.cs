using System.Buffers.Text;

namespace OrleansSessions.Php;

/// <summary>
/// Integers as PHP writes them: decimal, 64 bits, without a plus sign or leading zeros. A string of this form that is used as an array key becomes an integer key.
/// </summary>
internal static class PhpInteger
{
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        int sign = text is [(byte)'-', ..] ? 1 : 0;
        return text.Length > sign
            && (text[sign] is >= (byte)'1' and <= (byte)'9' || text is [(byte)'0'])
            && Utf8Parser.TryParse(text, out value, out int consumed)
            && consumed == text.Length;
    }
}
