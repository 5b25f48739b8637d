namespace OrleansSessions.Resp.Keys;

/// <summary>Glob patterns of SCAN and KEYS: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[^a]</c> and a backslash to escape a character.</summary>
internal static class GlobPattern
{
    /// <summary>Longer than any key that can be listed.</summary>
    public const int MaxBytes = 1_024;

    /// <summary>Whether a text matches. The time is bounded by the product of both lengths.</summary>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        int p = 0;
        int t = 0;
        int star = -1;
        int starText = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                starText = t;
            }
            else if (p < pattern.Length && MatchesOne(pattern, p, text[t], out int next))
            {
                p = next;
                t++;
            }
            else if (star >= 0)
            {
                // Backtrack: the last star takes one more character.
                p = star + 1;
                t = ++starText;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    private static bool MatchesOne(ReadOnlySpan<byte> pattern, int p, byte character, out int next)
    {
        next = p + 1;
        switch (pattern[p])
        {
            case (byte)'?':
                return true;
            case (byte)'[':
                return MatchesClass(pattern, p + 1, character, out next);
            case (byte)'\\' when p + 1 < pattern.Length:
                next = p + 2;
                return pattern[p + 1] == character;
            default:
                return pattern[p] == character;
        }
    }

    private static bool MatchesClass(ReadOnlySpan<byte> pattern, int p, byte character, out int next)
    {
        bool negated = p < pattern.Length && pattern[p] == '^';
        bool found = false;
        p += negated ? 1 : 0;
        for (; p < pattern.Length && pattern[p] != ']'; p++)
        {
            if (pattern[p] == '\\' && p + 1 < pattern.Length)
            {
                found |= pattern[++p] == character;
            }
            else if (p + 2 < pattern.Length && pattern[p + 1] == '-')
            {
                (byte low, byte high) = (Math.Min(pattern[p], pattern[p + 2]), Math.Max(pattern[p], pattern[p + 2]));
                found |= character >= low && character <= high;
                p += 2;
            }
            else
            {
                found |= pattern[p] == character;
            }
        }

        next = Math.Min(p + 1, pattern.Length);
        return found != negated;
    }
}
