using System.Globalization;
using System.Text;

namespace OrleansSessions.Php;

/// <summary>Float formatting as in PHP with <c>serialize_precision = -1</c> (its default): the fewest digits that read back as the same number.</summary>
internal static class PhpDouble
{
    /// <summary>With more digits before the point than this, PHP writes an exponent.</summary>
    private const int MaxIntegerDigits = 17;

    /// <summary>With more zeros between the point and the first digit than this, PHP writes an exponent.</summary>
    private const int MaxLeadingZeros = 3;

    public static string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NAN" : value > 0 ? "INF" : "-INF";
        }

        string sign = double.IsNegative(value) ? "-" : "";
        if (value == 0)
        {
            return sign + "0";
        }

        // .NET produces the same digits; only the position of the point and the exponent differ.
        (string digits, int point) = Digits(Math.Abs(value));
        var text = new StringBuilder(sign);
        if (point is < -MaxLeadingZeros or > MaxIntegerDigits)
        {
            return text.Append(digits[0]).Append('.').Append(digits.Length > 1 ? digits[1..] : "0")
                .Append(CultureInfo.InvariantCulture, $"E{point - 1:+0;-0}").ToString();
        }

        if (point <= 0)
        {
            return text.Append("0.").Append('0', -point).Append(digits).ToString();
        }

        return point >= digits.Length
            ? text.Append(digits).Append('0', point - digits.Length).ToString()
            : text.Append(digits.AsSpan(0, point)).Append('.').Append(digits.AsSpan(point)).ToString();
    }

    /// <summary>The significant digits, and the number of them before the point: 0.00123 is ("123", -2).</summary>
    private static (string Digits, int Point) Digits(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int exponent = 0;
        if (text.IndexOf('E') is >= 0 and var e)
        {
            exponent = int.Parse(text.AsSpan(e + 1), CultureInfo.InvariantCulture);
            text = text[..e];
        }

        int point = text.IndexOf('.') is >= 0 and var dot ? dot : text.Length;
        string digits = text.Replace(".", "", StringComparison.Ordinal);
        string significant = digits.TrimStart('0');
        return (significant.TrimEnd('0'), point + exponent - (digits.Length - significant.Length));
    }
}
