using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using OrleansSessions.AspNetCore.Responses;
using OrleansSessions.AspNetCore.Tokens;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Cookies of a stored sign-in. The browser gets them even if the response becomes an error page: the sign-in has happened, and the previous token counts as stolen
/// if the browser keeps using it.
/// </summary>
internal sealed class SignInCookies(HttpContext context)
{
    private string[]? _cookies;

    /// <summary>Keeps the cookies that were added to the response's headers.</summary>
    /// <param name="before">The values of <c>Set-Cookie</c> before the sign-in.</param>
    public void Keep(StringValues before)
    {
        string[] added = [.. context.Response.Headers.SetCookie.Except(before).OfType<string>()];
        if (added.Length == 0)
        {
            return;
        }

        if (_cookies is null)
        {
            IHttpResponseFeature response = context.Features.GetRequiredFeature<IHttpResponseFeature>();
            (response is CommittingResponse committing ? committing.Inner : response).OnStarting(
                static state =>
                {
                    ((SignInCookies)state).Restore();
                    return Task.CompletedTask;
                },
                this);
        }

        _cookies = added;
    }

    /// <summary>Lets the response be as it is: the ticket has ended.</summary>
    public void Forget() => _cookies = _cookies is null ? null : [];

    private void Restore()
    {
        IHeaderDictionary headers = context.Response.Headers;
        string[] lost = [.. _cookies!.Where(cookie => !headers.SetCookie.Any(other => other is not null && NameOf(other) == NameOf(cookie)))];
        if (lost.Length > 0)
        {
            headers.SetCookie = StringValues.Concat(headers.SetCookie, lost);
            UncachedResponse.Mark(headers);
        }
    }

    private static string NameOf(string cookie) => cookie[..Math.Max(0, cookie.IndexOf('=', StringComparison.Ordinal))];
}
