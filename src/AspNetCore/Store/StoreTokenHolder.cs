using OrleansSessions.AspNetCore.Tokens;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Store;

/// <summary>Token that the stock session middleware keeps in its own, protected cookie. It sets the cookie when the session is first changed, and never deletes it.</summary>
internal sealed class StoreTokenHolder(SessionToken token, bool isNew, Func<bool> tryEstablish) : ISessionTokenHolder
{
    public IReadOnlyList<SessionToken> Received { get; } = isNew ? [] : [token];

    public bool IsStockKey => true;

    public bool AreActing => false;

    public string? TicketUser => null;

    /// <summary>Always the same: the stock middleware protects its cookie, so no attacker can choose the token.</summary>
    public SessionToken CreateNew() => token;

    public void EnsureEstablishable()
    {
        if (!tryEstablish())
        {
            throw new InvalidOperationException("The session cannot be established after the response has started.");
        }
    }

    public void EnsureReplaceable() =>
        throw new InvalidOperationException("The stock session middleware owns the cookie and can't replace it: use app.UseOrleansSessions() to rotate sessions.");

    public void Establish(SessionToken established)
    {
    }

    public void Forget()
    {
    }
}
