using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Headers;

/// <summary>Token in a request header. Pure.</summary>
internal static class HeaderToken
{
    /// <summary>Finds the token; none if the header is repeated, has another scheme, or holds no token.</summary>
    public static IReadOnlyList<SessionToken> Find(StringValues header, string name)
    {
        if (header.Count != 1)
        {
            return [];
        }

        ReadOnlySpan<char> value = header[0].AsSpan().Trim();
        if (string.Equals(name, HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase))
        {
            const string scheme = SessionHeaderOptions.Scheme;
            if (value.Length <= scheme.Length || value[scheme.Length] != ' ' || !value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return [];
            }

            value = value[scheme.Length..].TrimStart();
        }

        return value.Length <= SessionToken.MaxLength && SessionToken.TryParse(value.ToString(), out SessionToken token) ? [token] : [];
    }
}
