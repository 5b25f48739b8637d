using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <inheritdoc />
internal sealed class UserSessions(SessionClient client, UserKeys keys) : IUserSessions
{
    public Task<UserSessionPage> ListAsync(string userId, long cursor, int count, CancellationToken cancellationToken) =>
        client.ListUserSessionsAsync(keys.Of(userId), cursor, count, cancellationToken).AsTask();

    public Task<bool> EndAsync(string userId, string sessionKey, EndReason reason, string? actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sessionKey);
        return client.EndUserSessionAsync(keys.Of(userId), sessionKey, reason, actor, cancellationToken).AsTask();
    }

    public Task<int> EndAllAsync(string userId, string? except, string? tag, EndReason reason, string? actor, CancellationToken cancellationToken) =>
        client.EndUserSessionsAsync(keys.Of(userId), reason, except, tag, actor, cancellationToken).AsTask();
}
