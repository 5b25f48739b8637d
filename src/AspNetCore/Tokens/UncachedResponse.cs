using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore.Tokens;

/// <summary>Headers of a response that hands out a token: a cache that stored it would hand one user's session to another.</summary>
internal static class UncachedResponse
{
    public static void Mark(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-cache,no-store";
        headers.Pragma = "no-cache";
        headers.Expires = "-1";
    }
}
