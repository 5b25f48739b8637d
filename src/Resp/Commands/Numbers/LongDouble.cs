using System.Globalization;
using System.Numerics;
using System.Text;

namespace OrleansSessions.Resp.Commands.Numbers;

/// <summary>
/// Number with the precision of Redis' additions: x86's 80-bit floating point with a 64-bit significand, so that sums have the same digits as in Redis. Pure.
/// </summary>
/// <param name="Significand">At most 64 bits, with a sign.</param>
/// <param name="Exponent">The power of two.</param>
/// <param name="IsFinite">False: infinity.</param>
internal readonly record struct LongDouble(BigInteger Significand, int Exponent, bool IsFinite = true)
{
    public static readonly LongDouble Zero = new(BigInteger.Zero, 0);

    private const int SignificandBits = 64;
    private const int MaxExponent = 16_384;
    private const int MinExponent = -16_445;
    private const int MaxTextBytes = 5 * 1024;
    private const int MaxDecimalExponent = 10_000;

    /// <summary>Redis prints this many decimal places, without trailing zeros.</summary>
    private const int DecimalPlaces = 17;

    private static readonly LongDouble Infinity = new(BigInteger.Zero, 0, IsFinite: false);

    /// <summary>Parses a decimal number like C's <c>strtold</c>, without spaces. Hexadecimal numbers are not accepted.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out LongDouble number)
    {
        number = Zero;
        if (text.Length is 0 or >= MaxTextBytes)
        {
            return false;
        }

        bool isNegative = text[0] == '-';
        ReadOnlySpan<byte> rest = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        if (IsWord(rest, "inf") || IsWord(rest, "infinity"))
        {
            number = Infinity;
            return true;
        }

        ReadOnlySpan<byte> digits = TakeDigits(ref rest);
        ReadOnlySpan<byte> places = [];
        if (rest is [(byte)'.', ..])
        {
            rest = rest[1..];
            places = TakeDigits(ref rest);
        }

        if (digits.Length + places.Length == 0 || !TryReadExponent(rest, out int exponent))
        {
            return false;
        }

        var all = BigInteger.Parse(Ascii([.. digits, .. places]), NumberStyles.None, CultureInfo.InvariantCulture);
        if (all.IsZero)
        {
            return true;
        }

        exponent -= places.Length;
        if (Math.Abs(exponent) > MaxDecimalExponent)
        {
            return false;
        }

        var power = BigInteger.Pow(10, Math.Abs(exponent));
        LongDouble magnitude = exponent >= 0 ? Round(all * power, 0) : Divide(all, power);
        number = isNegative ? -magnitude : magnitude;
        return magnitude.IsFinite && !magnitude.Significand.IsZero;
    }

    public static LongDouble operator -(LongDouble number) => number with { Significand = -number.Significand };

    public static LongDouble operator +(LongDouble left, LongDouble right)
    {
        if (!left.IsFinite || !right.IsFinite)
        {
            return Infinity;
        }

        int exponent = Math.Min(left.Exponent, right.Exponent);
        BigInteger sum = (left.Significand << (left.Exponent - exponent)) + (right.Significand << (right.Exponent - exponent));
        LongDouble magnitude = Round(BigInteger.Abs(sum), exponent);
        return sum.Sign < 0 ? -magnitude : magnitude;
    }

    /// <summary>The number with at most 17 decimal places.</summary>
    public override string ToString()
    {
        BigInteger scaled = BigInteger.Abs(Significand) * BigInteger.Pow(10, DecimalPlaces);
        scaled = Exponent >= 0 ? scaled << Exponent : ShiftRight(scaled, -Exponent, isInexact: false);
        string digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(DecimalPlaces + 1, '0');
        string text = $"{digits[..^DecimalPlaces]}.{digits[^DecimalPlaces..]}".TrimEnd('0').TrimEnd('.');
        return Significand.Sign < 0 && text != "0" ? "-" + text : text;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] is not ((byte)'e' or (byte)'E'))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[1..];
        bool isNegative = rest is [(byte)'-', ..];
        rest = rest is [(byte)'-' or (byte)'+', ..] ? rest[1..] : rest;
        ReadOnlySpan<byte> digits = TakeDigits(ref rest);
        if (digits.IsEmpty || !rest.IsEmpty)
        {
            return false;
        }

        foreach (byte digit in digits)
        {
            exponent = Math.Min((exponent * 10) + (digit - '0'), MaxDecimalExponent * 10);
        }

        exponent = isNegative ? -exponent : exponent;
        return true;
    }

    private static LongDouble Divide(BigInteger numerator, BigInteger denominator)
    {
        // Two bits more than are kept, plus a sticky bit for the rest.
        int shift = (int)Math.Max(0, SignificandBits + 2 + denominator.GetBitLength() - numerator.GetBitLength());
        var quotient = BigInteger.DivRem(numerator << shift, denominator, out BigInteger remainder);
        return Round(quotient, -shift, isInexact: !remainder.IsZero);
    }

    /// <summary>Rounds a non-negative number to nearest, ties to even.</summary>
    private static LongDouble Round(BigInteger significand, int exponent, bool isInexact = false)
    {
        int excess = (int)significand.GetBitLength() - SignificandBits;
        if (excess > 0)
        {
            significand = ShiftRight(significand, excess, isInexact);
            exponent += excess;
        }

        long magnitude = significand.GetBitLength() + exponent;
        return significand.IsZero || magnitude < MinExponent ? Zero : magnitude > MaxExponent ? Infinity : new LongDouble(significand, exponent);
    }

    private static BigInteger ShiftRight(BigInteger number, int bits, bool isInexact)
    {
        BigInteger kept = number >> bits;
        BigInteger lost = number - (kept << bits);
        int comparison = lost.CompareTo(BigInteger.One << (bits - 1));
        bool isUp = comparison > 0 || (comparison == 0 && (isInexact || !kept.IsEven));
        return isUp ? kept + 1 : kept;
    }

    private static ReadOnlySpan<byte> TakeDigits(scoped ref ReadOnlySpan<byte> text)
    {
        int count = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        ReadOnlySpan<byte> digits = count < 0 ? text : text[..count];
        text = text[digits.Length..];
        return digits;
    }

    private static bool IsWord(ReadOnlySpan<byte> text, string word) => text.Length == word.Length && Ascii(text).Equals(word, StringComparison.OrdinalIgnoreCase);

    private static string Ascii(ReadOnlySpan<byte> text) => Encoding.ASCII.GetString(text);
}
