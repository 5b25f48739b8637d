using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>End of the sessions that a valid logout token names.</summary>
internal sealed partial class ProviderLogout(
    IOptionsMonitor<OrleansOpenIdConnectOptions> options,
    SeenLogoutTokens seen,
    ProviderSessionUsers known,
    UserKeys keys,
    UserSessionEnds ends,
    SessionClient client,
    ILogger<ProviderLogout> logger)
{
    /// <summary>Ends the sessions.</summary>
    /// <returns>Their number.</returns>
    public async Task<int> EndAsync(HttpContext request, string scheme, LogoutToken token)
    {
        CancellationToken cancellation = request.RequestAborted;
        string? tag = token.SessionId is { } sessionId ? ProviderSession.TagOf(scheme, sessionId) : null;
        HashSet<UserKey> users = [];
        if (tag is not null)
        {
            // First: a sign-in that is under way is known and in the list by the time that the sessions end, or finds this afterwards.
            await seen.AddEndedAsync(tag, cancellation);
            users.UnionWith(await known.FindAsync(tag, cancellation));
        }

        if (token.Subject is { } subject && (options.Get(scheme).FindUserId is { } find ? await find(request, subject) : subject) is { } userId)
        {
            users.Add(keys.Of(userId));
        }

        int ended = 0;
        foreach (UserKey user in users)
        {
            ended += await EndAsync(user, tag, cancellation);
            if (tag is not null)
            {
                // Earlier versions have named the provider by the issuer of the claim.
                ended += await EndAsync(user, ProviderSession.TagOf(token.Issuer, token.SessionId!), cancellation);
            }
        }

        if (ended == 0 && tag is not null)
        {
            await WarnAsync(users, cancellation);
        }

        return ended;
    }

    private Task<int> EndAsync(UserKey user, string? tag, CancellationToken cancellationToken) =>
        ends.EndAllAsync(user, EndReason.Revoked, except: null, tag, actor: null, cancellationToken);

    private async Task WarnAsync(HashSet<UserKey> users, CancellationToken cancellationToken)
    {
        foreach (UserKey user in users)
        {
            if ((await client.ListUserSessionsAsync(user, cursor: 0, count: 1, cancellationToken)).Sessions.Length > 0)
            {
                LogNoneEnded(logger);
            }
        }
    }

    [LoggerMessage(
        504,
        LogLevel.Warning,
        "An OpenID provider has signed out of one of its sessions, from which none of the user's sessions came. Either it has ended before, or its ticket lacks the claim sid.")]
    private static partial void LogNoneEnded(ILogger logger);
}
