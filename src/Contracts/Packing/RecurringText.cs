using System.Text;

namespace OrleansSessions.Contracts;

/// <summary>
/// Cache of short recurring texts, such as entry names, so that each has one string until another text takes its slot. The number of slots is fixed, so made-up
/// names can't fill memory.
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

        // Two threads may both set a slot; one string is then wasted.
        ref string? place = ref Known[hash.ToHashCode() & (Places - 1)];
        return place is { } known && Ascii.Equals(utf8, known) ? known : place = Encoding.ASCII.GetString(utf8);
    }
}
