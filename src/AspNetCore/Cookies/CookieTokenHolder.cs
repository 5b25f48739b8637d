using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Cookies;

/// <summary>Token in the cookie of <see cref="SessionCookieBuilder"/>.</summary>
internal sealed class CookieTokenHolder : ISessionTokenHolder
{
    private readonly HttpContext _context;
    private readonly SessionCookieBuilder _cookie;
    private readonly string _name;
    private readonly bool _makesSecrets;
    private readonly string? _clearSiteData;

    private readonly IReadOnlyList<SessionToken> _received;
    private SessionToken? _established;
    private bool _forgotten;

    private CookieTokenHolder(HttpContext context, SessionCookieBuilder cookie, bool takesStockCookies, bool makesSecrets, string? clearSiteData)
    {
        _clearSiteData = clearSiteData;
        _context = context;
        _cookie = cookie;
        _name = cookie.EffectiveName;
        _makesSecrets = makesSecrets;
        _received = CookieTokens.Find(context.Request.Headers.Cookie, _name, takesStockCookies);
    }

    /// <summary>The tokens sent by the browser; if an error page passes through the middleware again, the token that the browser will receive.</summary>
    public IReadOnlyList<SessionToken> Received => _established is { } token ? [token] : _forgotten ? [] : _received;

    public bool IsStockKey => false;

    /// <summary>Returns the request's holder. The first call creates it and registers it to write the cookie.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">The server's response.</param>
    /// <param name="cookie">The cookie.</param>
    /// <param name="takesStockCookies">Whether to accept cookies of the stock session middleware.</param>
    /// <param name="makesSecrets">Whether new tokens have a secret part.</param>
    /// <param name="clearSiteData">The value of <c>Clear-Site-Data</c> in a response that deletes the cookie; null: none.</param>
    public static CookieTokenHolder For(
        HttpContext context,
        IHttpResponseFeature response,
        SessionCookieBuilder cookie,
        bool takesStockCookies,
        bool makesSecrets,
        string? clearSiteData)
    {
        if (context.Features.Get<CookieTokenHolder>() is not { } holder)
        {
            holder = new CookieTokenHolder(context, cookie, takesStockCookies, makesSecrets, clearSiteData);
            context.Features.Set(holder);
            response.OnStarting(
                static state =>
                {
                    ((CookieTokenHolder)state).WriteCookie();
                    return Task.CompletedTask;
                },
                holder);
        }

        return holder;
    }

    public SessionToken CreateNew() => _makesSecrets ? SessionToken.Create() : SessionToken.CreateWithoutSecret();

    public void EnsureEstablishable()
    {
        if (_context.Response.HasStarted)
        {
            throw new InvalidOperationException(
                "A session can't be started or rotated after the response has started: its cookie would not reach the browser. Store something before writing the body.");
        }
    }

    public void EnsureReplaceable() => EnsureEstablishable();

    public void Establish(SessionToken token) => _established = token;

    public void Forget()
    {
        _established = null;
        _forgotten = true;
    }

    /// <summary>
    /// Writes the cookie. Called when the headers are sent: whatever the response has become by then, such as an error page, the browser must learn of a rotation
    /// that has happened.
    /// </summary>
    private void WriteCookie()
    {
        if (_established is null && !_forgotten)
        {
            return;
        }

        CookieOptions options = _cookie.Build(_context);
        if (_established is { } token)
        {
            _context.Response.Cookies.Append(_name, token.Value, options);
        }
        else
        {
            // Max-Age would take precedence over the past date that deletes the cookie.
            options.MaxAge = null;
            _context.Response.Cookies.Delete(_name, options);
            if (_clearSiteData is not null)
            {
                _context.Response.Headers["Clear-Site-Data"] = _clearSiteData;
            }
        }

        UncachedResponse.Mark(_context.Response.Headers);
    }
}
