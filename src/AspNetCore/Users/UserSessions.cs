using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <inheritdoc />
internal sealed class UserSessions(SessionClient client, UserKeys keys, UserSessionEnds ends) : IUserSessions
{
    public Task<UserSessionPage> ListAsync(string userId, long cursor, int count, CancellationToken cancellationToken) =>
        client.ListUserSessionsAsync(keys.Of(userId), cursor, count, cancellationToken).AsTask();

    public Task<bool> EndAsync(string userId, string sessionKey, EndReason reason, string? actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sessionKey);
        return ends.EndAsync(keys.Of(userId), sessionKey, reason, actor, cancellationToken);
    }

    public Task<int> EndAllAsync(string userId, string? except, string? tag, EndReason reason, string? actor, CancellationToken cancellationToken) =>
        ends.EndAllAsync(keys.Of(userId), reason, except, tag, actor, cancellationToken);
}
