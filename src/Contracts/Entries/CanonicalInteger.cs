using System.Buffers.Text;

namespace OrleansSessions.Contracts;

/// <summary>
/// Canonical 64-bit integers of Redis, PHP and JSON: decimal, no plus sign, no leading zeros, no spaces. <c>+1</c>, <c>01</c> and <c>-0</c> are text, because adding
/// would change their form.
/// </summary>
internal static class CanonicalInteger
{
    /// <summary>The length of <see cref="long.MinValue"/>.</summary>
    public const int MaxLength = 20;

    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        return text is [(byte)'0'] or [>= (byte)'1' and <= (byte)'9', ..] or [(byte)'-', >= (byte)'1' and <= (byte)'9', ..]
            && Utf8Parser.TryParse(text, out value, out int consumed)
            && consumed == text.Length;
    }

    public static byte[] Write(long value)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        Utf8Formatter.TryFormat(value, text, out int length);
        return text[..length].ToArray();
    }

    /// <summary>Returns false if the sum does not fit 64 bits.</summary>
    public static bool TryAdd(long number, long addend, out long sum)
    {
        sum = unchecked(number + addend);
        return ((number ^ sum) & (addend ^ sum)) >= 0;
    }
}
