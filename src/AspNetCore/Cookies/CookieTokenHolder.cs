using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tokens;

namespace OrleansSessions.AspNetCore.Cookies;

/// <summary>Token in the cookie of <see cref="SessionCookieBuilder"/>.</summary>
/// <param name="context">The request.</param>
/// <param name="cookie">The cookie.</param>
/// <param name="takesStockCookies">Whether to accept cookies of the stock session middleware.</param>
/// <param name="makesSecrets">Whether new tokens have a secret part.</param>
/// <param name="clearSiteData">The value of <c>Clear-Site-Data</c> in a response that deletes the cookie; null: none.</param>
internal sealed class CookieTokenHolder(HttpContext context, SessionCookieBuilder cookie, bool takesStockCookies, bool makesSecrets, string? clearSiteData)
    : ResponseTokenHolder(context, CookieTokens.Find(context.Request.Headers.Cookie, cookie.EffectiveName, takesStockCookies), makesSecrets)
{
    protected override void Write(HttpResponse response)
    {
        CookieOptions options = cookie.Build(Context);
        if (Established is { } token)
        {
            response.Cookies.Append(cookie.EffectiveName, token.Value, options);
        }
        else
        {
            // Max-Age would take precedence over the past date that deletes the cookie.
            options.MaxAge = null;
            response.Cookies.Delete(cookie.EffectiveName, options);
            if (clearSiteData is not null)
            {
                response.Headers["Clear-Site-Data"] = clearSiteData;
            }
        }

        UncachedResponse.Mark(response.Headers);
    }
}
