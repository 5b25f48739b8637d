namespace OrleansSessions.Resp.Protocol;

/// <summary>Integers as Redis reads them from clients: decimal, no plus sign, no leading zeros, no spaces.</summary>
internal static class RespInteger
{
    private const int MaxDigits = 19;

    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        bool negative = text is [(byte)'-', ..];
        ReadOnlySpan<byte> digits = negative ? text[1..] : text;
        if (digits is [(byte)'0'])
        {
            return !negative;
        }

        if (digits.Length is 0 or > MaxDigits || digits[0] == '0')
        {
            return false;
        }

        ulong magnitude = 0;
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            magnitude = (magnitude * 10) + (ulong)(digit - '0');
        }

        if (magnitude > long.MaxValue + (negative ? 1UL : 0UL))
        {
            return false;
        }

        value = negative ? unchecked(-(long)magnitude) : (long)magnitude;
        return true;
    }
}
