using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore.TakeOver;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Store;

/// <summary>
/// Puts the sessions of the stock <c>app.UseSession()</c> into the cluster, so that an application changes one line. What the stock middleware decides stays
/// its own: it loads on first use, synchronously unless <c>LoadAsync</c> is called, and commits after the response.
/// </summary>
internal sealed class OrleansSessionStore(SessionClient client, OldSessions oldSessions, IOptions<OrleansSessionOptions> options) : ISessionStore
{
    public ISession Create(string sessionKey, TimeSpan idleTimeout, TimeSpan ioTimeout, Func<bool> tryEstablishSession, bool isNewSessionKey)
    {
        if (!SessionToken.TryParse(sessionKey, out SessionToken token))
        {
            throw new ArgumentException(
                $"The session key must be {SessionToken.MinLength} to {SessionToken.MaxLength} characters of [A-Za-z0-9,_-].", nameof(sessionKey));
        }

        var holder = new StoreTokenHolder(token, isNewSessionKey, tryEstablishSession);
        var lifetime = new SessionLifetime { IdleTimeout = idleTimeout, AbsoluteLifetime = options.Value.AbsoluteLifetime };
        return new OrleansSession(client, oldSessions, holder, options.Value.Namespace, lifetime);
    }
}
