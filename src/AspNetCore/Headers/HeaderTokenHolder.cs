using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansSessions.AspNetCore.Cookies;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Headers;

/// <summary>Token in the headers of <see cref="SessionHeaderOptions"/>.</summary>
internal sealed class HeaderTokenHolder : ISessionTokenHolder
{
    private readonly HttpContext _context;
    private readonly string _responseName;
    private readonly bool _makesSecrets;
    private readonly IReadOnlyList<SessionToken> _received;
    private SessionToken? _established;
    private bool _forgotten;

    private HeaderTokenHolder(HttpContext context, SessionHeaderOptions header, bool makesSecrets)
    {
        _context = context;
        _responseName = header.ResponseName;
        _makesSecrets = makesSecrets;
        _received = HeaderToken.Find(context.Request.Headers[header.Name], header.Name);
    }

    /// <summary>The token sent by the client; if an error page passes through the middleware again, the token that the client will receive.</summary>
    public IReadOnlyList<SessionToken> Received => _established is { } token ? [token] : _forgotten ? [] : _received;

    public bool IsStockKey => false;

    /// <summary>Returns the request's holder. The first call creates it and registers it to write the header.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">The server's response.</param>
    /// <param name="header">The headers.</param>
    /// <param name="makesSecrets">Whether new tokens have a secret part.</param>
    public static HeaderTokenHolder For(HttpContext context, IHttpResponseFeature response, SessionHeaderOptions header, bool makesSecrets)
    {
        if (context.Features.Get<HeaderTokenHolder>() is not { } holder)
        {
            holder = new HeaderTokenHolder(context, header, makesSecrets);
            context.Features.Set(holder);
            response.OnStarting(
                static state =>
                {
                    ((HeaderTokenHolder)state).WriteHeader();
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
                "A session can't be started or rotated after the response has started: its token would not reach the client. Store something before writing the body.");
        }
    }

    public void EnsureReplaceable() => EnsureEstablishable();

    public void Establish(SessionToken token) => _established = token;

    /// <summary>The client keeps its token, which names no session any more: no header tells it to forget one.</summary>
    public void Forget()
    {
        _established = null;
        _forgotten = true;
    }

    /// <summary>Writes the header when the headers are sent, whatever the response has become by then: the client must learn of a rotation that has happened.</summary>
    private void WriteHeader()
    {
        if (_established is { } token)
        {
            _context.Response.Headers[_responseName] = token.Value;
            UncachedResponse.Mark(_context.Response.Headers);
        }
    }
}
