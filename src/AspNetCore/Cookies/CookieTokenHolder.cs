using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tokens;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Cookies;

/// <summary>
/// Token in the cookie of <see cref="SessionCookieBuilder"/>. While an administrator acts as a user, the browser has a second cookie, which hides the one of the
/// administrator's own session until it is deleted.
/// </summary>
internal sealed class CookieTokenHolder : ResponseTokenHolder
{
    private readonly SessionCookieBuilder _cookie;
    private readonly string? _clearSiteData;
    private readonly bool _takesStockCookies;
    private readonly IReadOnlyList<SessionToken> _acting;

    /// <param name="context">The request.</param>
    /// <param name="cookie">The cookie.</param>
    /// <param name="takesStockCookies">Whether to accept cookies of the stock session middleware.</param>
    /// <param name="makesSecrets">Whether new tokens have a secret part.</param>
    /// <param name="clearSiteData">The value of <c>Clear-Site-Data</c> in a response that deletes the cookie; null: none.</param>
    /// <param name="allowsActing">Whether administrators may act as users.</param>
    public CookieTokenHolder(
        HttpContext context, SessionCookieBuilder cookie, bool takesStockCookies, bool makesSecrets, string? clearSiteData, bool allowsActing)
        : this(
            context,
            cookie,
            allowsActing ? CookieTokens.Find(context.Request.Headers.Cookie, cookie.ActingName, takesStockCookies: false) : [],
            takesStockCookies,
            makesSecrets,
            clearSiteData)
    {
    }

    private CookieTokenHolder(
        HttpContext context, SessionCookieBuilder cookie, IReadOnlyList<SessionToken> acting, bool takesStockCookies, bool makesSecrets, string? clearSiteData)
        : base(context, acting.Count > 0 ? acting : FindOwn(context, cookie, takesStockCookies), makesSecrets) =>
        (_cookie, _acting, _takesStockCookies, _clearSiteData) = (cookie, acting, takesStockCookies, clearSiteData);

    public override bool AreActing => Established is null && _acting.Count > 0 && !HasReturned;

    public override bool TryReturnToOwn()
    {
        if (_acting.Count == 0 || HasReturned)
        {
            return false;
        }

        ReturnTo(FindOwn(Context, _cookie, _takesStockCookies));
        return true;
    }

    protected override void Write(HttpResponse response)
    {
        CookieOptions options = _cookie.Build(Context);
        if (Begun is { } begun)
        {
            response.Cookies.Append(_cookie.ActingName, begun.Token.Value, options);
        }

        if (Established is { } token)
        {
            // A new session is the browser's own, even if one in which it acted as a user has just ended.
            bool isActing = !HasReturned && _acting.Any(acting => acting.Id.SequenceEqual(token.Id));
            response.Cookies.Append(isActing ? _cookie.ActingName : _cookie.EffectiveName, token.Value, options);
            if (_acting.Count > 0 && !isActing && Begun is null)
            {
                Delete(response, _cookie.ActingName);
            }
        }
        else if (IsForgotten)
        {
            Delete(response, _acting.Count > 0 && !HasReturned ? _cookie.ActingName : _cookie.EffectiveName);
        }

        if (HasReturned && Begun is null && Established is null)
        {
            Delete(response, _cookie.ActingName);
        }

        if (_clearSiteData is not null && Established is null && (IsForgotten || HasReturned))
        {
            response.Headers["Clear-Site-Data"] = _clearSiteData;
        }

        UncachedResponse.Mark(response.Headers);
    }

    private static IReadOnlyList<SessionToken> FindOwn(HttpContext context, SessionCookieBuilder cookie, bool takesStockCookies) =>
        CookieTokens.Find(context.Request.Headers.Cookie, cookie.EffectiveName, takesStockCookies);

    private void Delete(HttpResponse response, string name)
    {
        CookieOptions options = _cookie.Build(Context);

        // Max-Age would take precedence over the past date that deletes the cookie.
        options.MaxAge = null;
        response.Cookies.Delete(name, options);
    }
}
