using Microsoft.Extensions.Primitives;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Cookies;

/// <summary>
/// The tokens in a Cookie header. A browser sends several cookies of one name when they were set for different paths or domains, the most specific path first
/// (RFC 6265, section 5.4). Names are case-sensitive, unlike those of <c>Request.Cookies</c>, where the last cookie of a name hides those before.
/// </summary>
internal static class CookieTokens
{
    /// <summary>The most tokens that are looked at: each may cost a call to the cluster.</summary>
    public const int MaxTokens = 4;

    /// <summary>Each character of a token may have been escaped.</summary>
    private const int MaxEscapedLength = 3 * SessionToken.MaxLength;

    /// <summary>Finds the different tokens in the cookies of a name, in their order.</summary>
    /// <param name="header">The header.</param>
    /// <param name="name">The cookies' name.</param>
    /// <param name="takesStockCookies">Whether a cookie may be one of the stock session middleware, in base64, of which a token is the form for URLs.</param>
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
