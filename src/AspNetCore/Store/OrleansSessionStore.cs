using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Migration;

namespace OrleansSessions.AspNetCore.Store;

/// <summary>
/// Session store for the stock <c>app.UseSession()</c>, so that an application moves to the cluster by changing one line. The stock middleware's behaviour stays: it
/// loads on first use, synchronously unless <c>LoadAsync</c> is called, and commits after the response.
/// </summary>
internal sealed partial class OrleansSessionStore(
    SessionClient client, BrowserImport import, UserKeys users, IOptions<OrleansSessionOptions> options, ILogger<OrleansSessionStore> logger)
    : ISessionStore
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
        return new OrleansSession(
            client, import, holder, users, options.Value, lifetime, request: null, exception => LogNotStored(logger, exception.Message, exception.InnerException?.Message));
    }

    [LoggerMessage(
        320,
        LogLevel.Error,
        "A request's session changes were not stored. Unless the application commits them itself, the stock session middleware responds as if they had been; "
        + "app.UseOrleansSessions() responds with an error. {Reason} {Cause}")]
    private static partial void LogNotStored(ILogger logger, string reason, string? cause);
}
