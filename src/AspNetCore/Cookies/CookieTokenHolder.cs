using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Cookies;

/// <summary>The token in the cookie of <see cref="SessionCookieBuilder"/>.</summary>
internal sealed class CookieTokenHolder : ISessionTokenHolder
{
    private readonly HttpContext _context;
    private readonly SessionCookieBuilder _cookie;
    private readonly string _name;

    public CookieTokenHolder(HttpContext context, SessionCookieBuilder cookie)
    {
        _context = context;
        _cookie = cookie;
        _name = cookie.EffectiveName;
        if (SessionToken.TryParse(context.Request.Cookies[_name], out SessionToken token))
        {
            Received = token;
        }
    }

    public SessionToken? Received { get; }

    public void EnsureEstablishable()
    {
        if (_context.Response.HasStarted)
        {
            throw new InvalidOperationException(
                "A session can't be started or rotated after the response has started: its cookie would not reach the browser. Store something before writing the body.");
        }
    }

    public SessionToken CreateNew() => SessionToken.Create();

    public void EnsureReplaceable() => EnsureEstablishable();

    public void Establish(SessionToken token)
    {
        EnsureEstablishable();
        Withdraw();
        _context.Response.Cookies.Append(_name, token.Value, _cookie.Build(_context));
        ForbidCaching();
    }

    /// <summary>Also before the cookie is set again: a response that sets it twice leaves it to the browser which one counts.</summary>
    public void Withdraw()
    {
        if (_context.Response.HasStarted)
        {
            return;
        }

        IHeaderDictionary headers = _context.Response.Headers;
        string own = Uri.EscapeDataString(_name) + "=";
        string?[] others = [.. headers.SetCookie.Where(value => value?.StartsWith(own, StringComparison.Ordinal) != true)];
        if (others.Length == 0)
        {
            headers.Remove(HeaderNames.SetCookie);
        }
        else
        {
            headers.SetCookie = others;
        }
    }

    public void Forget()
    {
        if (!_context.Response.HasStarted)
        {
            Withdraw();
            _context.Response.Cookies.Delete(_name, _cookie.Build(_context));
            ForbidCaching();
        }
    }

    /// <summary>A cache that kept this response would hand one user's session to another.</summary>
    private void ForbidCaching()
    {
        IHeaderDictionary headers = _context.Response.Headers;
        headers.CacheControl = "no-cache,no-store";
        headers.Pragma = "no-cache";
        headers.Expires = "-1";
    }
}
