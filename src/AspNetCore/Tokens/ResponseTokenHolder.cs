using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tokens;

/// <summary>Token that the client sends with each request and receives with a response. One for each request: an error page is part of it.</summary>
internal abstract class ResponseTokenHolder(HttpContext context, IReadOnlyList<SessionToken> received, bool makesSecrets) : ISessionTokenHolder
{
    private IReadOnlyList<SessionToken> _received = received;

    /// <summary>The tokens sent by the client; if an error page passes through the middleware again, the token that the client will receive.</summary>
    public IReadOnlyList<SessionToken> Received => Established is { } token ? [token] : IsForgotten ? [] : _received;

    public bool IsStockKey => false;

    public virtual bool AreActing => false;

    public string? TicketUser => context.Features.Get<ITicketUserFeature>()?.TicketUser;

    protected HttpContext Context => context;

    /// <summary>The token for the client; null: it keeps what it has.</summary>
    protected SessionToken? Established { get; private set; }

    /// <summary>The impersonation that the request has begun; null: none.</summary>
    public BegunImpersonation? Begun { get; private set; }

    /// <summary>Whether the request has ended an impersonation, and its session is the administrator's own since.</summary>
    protected bool HasReturned { get; private set; }

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
            if (holder.Established is not null || holder.IsForgotten || holder.HasReturned || holder.Begun is not null)
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
    /// <param name="begun">The impersonation; null: it has ended again.</param>
    public void EstablishBeside(BegunImpersonation? begun) => Begun = begun;

    /// <summary>Makes the request's token that of the administrator's own session again. Returns false if the request has none.</summary>
    public virtual bool TryReturnToOwn() => false;

    public void Forget() => (Established, IsForgotten) = (null, true);

    /// <summary>Treats the request as if it had no token. The client keeps it.</summary>
    public void IgnoreReceived() => _received = [];

    protected void ReturnTo(IReadOnlyList<SessionToken> own) => (_received, Established, IsForgotten, HasReturned) = (own, null, false, true);

    /// <summary>Writes <see cref="Established"/>, or deletes the client's token.</summary>
    protected abstract void Write(HttpResponse response);
}
