using Microsoft.Extensions.Primitives;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Cookies;

/// <summary>
/// Tokens in a Cookie header. If cookies of one name exist for different paths or domains, a browser sends them all, the most specific path first
/// (RFC 6265, section 5.4). Names are case-sensitive, unlike in <c>Request.Cookies</c>, where the last cookie of a name hides the others.
/// </summary>
internal static class CookieTokens
{
    /// <summary>Maximum number of tokens considered: each may cost a call to the cluster.</summary>
    public const int MaxTokens = 4;

    /// <summary>Every character of a token may be escaped.</summary>
    private const int MaxEscapedLength = 3 * SessionToken.MaxLength;

    /// <summary>Finds the distinct tokens in the cookies of a name, in order.</summary>
    /// <param name="header">The header.</param>
    /// <param name="name">The cookies' name.</param>
    /// <param name="takesStockCookies">Whether to accept cookies of the stock session middleware, which use base64; a token uses its URL-safe form.</param>
    public static IReadOnlyList<SessionToken> Find(StringValues header, string name, bool takesStockCookies)
    {
        List<SessionToken>? tokens = null;
        foreach (string? line in header)
        {
            ReadOnlySpan<char> cookies = line;
            foreach (Range range in cookies.Split(';'))
            {
                ReadOnlySpan<char> cookie = cookies[range].Trim();
                if (cookie.Length > name.Length
                    && cookie[name.Length] == '='
                    && cookie.StartsWith(name, StringComparison.Ordinal)
                    && TryRead(cookie[(name.Length + 1)..], takesStockCookies, out SessionToken token)
                    && tokens?.Contains(token) != true)
                {
                    (tokens ??= new List<SessionToken>(1)).Add(token);
                    if (tokens.Count == MaxTokens)
                    {
                        return tokens;
                    }
                }
            }
        }

        return tokens ?? (IReadOnlyList<SessionToken>)[];
    }

    private static bool TryRead(ReadOnlySpan<char> value, bool takesStockCookies, out SessionToken token)
    {
        token = default;
        if (value.Length > MaxEscapedLength)
        {
            return false;
        }

        string text = value.Contains('%') ? Uri.UnescapeDataString(value) : value.ToString();
        return SessionToken.TryParse(takesStockCookies ? text.Replace('+', '-').Replace('/', '_') : text, out token);
    }
}
