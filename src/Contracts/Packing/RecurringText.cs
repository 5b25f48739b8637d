using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>
/// Short texts that are read again and again, such as the names of entries: one string for each, as long as no other takes its place. The number of places is
/// fixed, so a caller that makes up names costs what a string costs and no more.
/// </summary>
internal static class RecurringText
{
    private const int Places = 1024;
    private const int LongestInBytes = 64;

    private static readonly string?[] Known = new string?[Places];

    public static string Get(string text)
    {
        Span<byte> utf8 = stackalloc byte[LongestInBytes];
        return Ascii.IsValid(text) && Encoding.ASCII.TryGetBytes(text, utf8, out int length) ? Get(utf8[..length]) : text;
    }

    public static string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestInBytes || !Ascii.IsValid(utf8))
        {
            return Encoding.UTF8.GetString(utf8);
        }

        var hash = new HashCode();
        hash.AddBytes(utf8);

        // Two threads may both set a place: one string is then made in vain.
        ref string? place = ref Known[hash.ToHashCode() & (Places - 1)];
        return place is { } known && Ascii.Equals(utf8, known) ? known : place = Encoding.ASCII.GetString(utf8);
    }
}
