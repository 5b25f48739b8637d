using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Cookies;

/// <summary>Where a session's token comes from and how the browser gets it.</summary>
internal interface ISessionTokenHolder
{
    /// <summary>The tokens that the browser sent, in its order: the first that names a living session counts. Empty if it sent none, or nothing that is a token.</summary>
    IReadOnlyList<SessionToken> Received { get; }

    /// <summary>Whether the tokens are session keys that the stock session middleware has taken out of its protected cookie.</summary>
    bool IsStockKey { get; }

    /// <summary>A token for a new session. A received one is not adopted: it may be an attacker's choice.</summary>
    SessionToken CreateNew();

    /// <summary>Throws if a new session's token could not reach the browser any more.</summary>
    /// <exception cref="InvalidOperationException">The response has started.</exception>
    void EnsureEstablishable();

    /// <summary>Throws if the browser could not be given another token.</summary>
    /// <exception cref="InvalidOperationException">The response has started, or the token is not ours to replace.</exception>
    void EnsureReplaceable();

    /// <summary>Gives the browser the token with the response, whatever that will be.</summary>
    void Establish(SessionToken token);

    /// <summary>Makes the browser forget its token.</summary>
    void Forget();
}
