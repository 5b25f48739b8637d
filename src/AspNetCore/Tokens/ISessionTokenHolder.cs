using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tokens;

/// <summary>Source and destination of a session's token.</summary>
internal interface ISessionTokenHolder
{
    /// <summary>The tokens sent by the browser, in order: the first that names a living session is used. Empty if it sent no valid token.</summary>
    IReadOnlyList<SessionToken> Received { get; }

    /// <summary>Whether the tokens are session keys from the stock session middleware's protected cookie.</summary>
    bool IsStockKey { get; }

    /// <summary>Whether the tokens are from the cookie of impersonations, which opens no other session.</summary>
    bool AreActing { get; }

    /// <summary>The user of the ticket that came with the request or that it stored, as in <see cref="SessionSnapshot.TicketUser"/>; null: none.</summary>
    string? TicketUser { get; }

    /// <summary>Returns a token for a new session. A received one is never adopted: an attacker may have chosen it.</summary>
    SessionToken CreateNew();

    /// <summary>Throws if a new session's token can no longer reach the browser.</summary>
    /// <exception cref="InvalidOperationException">The response has started.</exception>
    void EnsureEstablishable();

    /// <summary>Throws if the browser's token can't be replaced.</summary>
    /// <exception cref="InvalidOperationException">The response has started, or another component owns the token.</exception>
    void EnsureReplaceable();

    /// <summary>Sends the token to the browser with the response, even if that becomes an error page.</summary>
    void Establish(SessionToken token);

    /// <summary>Deletes the browser's token.</summary>
    void Forget();
}
