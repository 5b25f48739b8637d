using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tokens;

/// <summary>Token that the client sends with each request and receives with a response. One for each request: an error page is part of it.</summary>
internal abstract class ResponseTokenHolder(HttpContext context, IReadOnlyList<SessionToken> received, bool makesSecrets) : ISessionTokenHolder
{
    /// <summary>The tokens sent by the client; if an error page passes through the middleware again, the token that the client will receive.</summary>
    public IReadOnlyList<SessionToken> Received => Established is { } token ? [token] : IsForgotten ? [] : received;

    public bool IsStockKey => false;

    public virtual bool AreActing => false;

    protected HttpContext Context => context;

    /// <summary>The token for the client; null: it keeps what it has.</summary>
    protected SessionToken? Established { get; private set; }

    /// <summary>The token of an impersonation that begins; null: none does.</summary>
    protected SessionToken? Beside { get; private set; }

    /// <summary>Whether the client's token is worthless.</summary>
    protected bool IsForgotten { get; private set; }

    /// <summary>
    /// Makes the response's headers carry the token. They are written when they are sent: even if the response has become an error page by then, the client must learn of
    /// a rotation that has happened.
    /// </summary>
    /// <param name="response">The server's response.</param>
    public void WriteTo(IHttpResponseFeature response) => response.OnStarting(
        static state =>
        {
            var holder = (ResponseTokenHolder)state;
            if (holder.Established is not null || holder.IsForgotten || holder.Beside is not null)
            {
                holder.Write(holder.Context.Response);
            }

            return Task.CompletedTask;
        },
        this);

    public SessionToken CreateNew() => makesSecrets ? SessionToken.Create() : SessionToken.CreateWithoutSecret();

    public void EnsureEstablishable()
    {
        if (context.Response.HasStarted)
        {
            throw new InvalidOperationException(
                "A session can't be started or rotated after the response has started: its token would not reach the client. Store something before writing the body.");
        }
    }

    public void EnsureReplaceable() => EnsureEstablishable();

    public void Establish(SessionToken token) => Established = token;

    /// <summary>Sends the token of an impersonation to the client, which keeps the one of its own session for later.</summary>
    public void EstablishBeside(SessionToken token) => Beside = token;

    public void Forget() => (Established, IsForgotten) = (null, true);

    /// <summary>Writes <see cref="Established"/>, or deletes the client's token.</summary>
    protected abstract void Write(HttpResponse response);
}
