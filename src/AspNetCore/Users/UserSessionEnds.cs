using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Ends of a user's sessions from elsewhere than their own requests. What has to follow them, such as the revocation of a refresh token, needs the tickets, which are read
/// before. That neither prevents an end nor delays it by more than <see cref="Patience"/>.
/// </summary>
internal sealed partial class UserSessionEnds(SessionClient client, TimeProvider time, ILogger<UserSessionEnds> logger, IEndingTickets? tickets = null)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int Width = 16;

    /// <inheritdoc cref="IUserSessionsGrain.EndAsync"/>
    public async Task<bool> EndAsync(UserKey user, string sessionKey, EndReason reason, string? actor, CancellationToken cancellationToken)
    {
        var key = new SessionKey(sessionKey);
        IReadOnlyCollection<Action> sequels = await FindSequelsAsync((found, cancellation) => FindOneAsync(user, key, found, cancellation), cancellationToken);
        try
        {
            return await client.EndUserSessionAsync(user, sessionKey, reason, actor, cancellationToken);
        }
        finally
        {
            Run(sequels);
        }
    }

    /// <inheritdoc cref="IUserSessionsGrain.EndAllAsync"/>
    public async Task<int> EndAllAsync(UserKey user, EndReason reason, string? except, string? tag, string? actor, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<Action> sequels = await FindSequelsAsync((found, cancellation) => FindAllAsync(user, except, tag, found, cancellation), cancellationToken);
        try
        {
            return await client.EndUserSessionsAsync(user, reason, except, tag, actor, cancellationToken);
        }
        finally
        {
            Run(sequels);
        }
    }

    /// <summary>An end without an answer may have happened, and its tickets can't be read again.</summary>
    private static void Run(IReadOnlyCollection<Action> sequels)
    {
        foreach (Action sequel in sequels)
        {
            sequel();
        }
    }

    private async Task<IReadOnlyCollection<Action>> FindSequelsAsync(Func<ConcurrentBag<Action>, CancellationToken, Task> find, CancellationToken cancellationToken)
    {
        ConcurrentBag<Action> found = [];
        if (tickets is not { AreWanted: true })
        {
            return found;
        }

        using var timeout = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // The first attempt of a call does not end with the token.
            await find(found, either.Token).WaitAsync(either.Token);
        }
        catch (Exception exception)
        {
            // Not even a caller that waits no longer prevents the end.
            LogNotRead(logger, exception.Message);
        }

        return found;
    }

    private async Task FindOneAsync(UserKey user, SessionKey key, ConcurrentBag<Action> found, CancellationToken cancellationToken)
    {
        if (UserKey.IsValid(key.Value) && await client.DescribeAsync(key, cancellationToken) is { Identity: { } identity } session && identity.Names(user.Value))
        {
            await FindAsync(key, session, found, cancellationToken);
        }
    }

    private async Task FindAllAsync(UserKey user, string? except, string? tag, ConcurrentBag<Action> found, CancellationToken cancellationToken)
    {
        long cursor = 0;
        do
        {
            UserSessionPage page = await client.ListUserSessionsAsync(user, cursor, IUserSessionsGrain.MaxPage, cancellationToken);
            await Parallel.ForEachAsync(
                page.Sessions.Where(session => session.SessionKey != except && (tag is null || session.Description.Identity?.Tags.Contains(tag) == true)),
                new ParallelOptions { MaxDegreeOfParallelism = Width, CancellationToken = cancellationToken },
                async (session, cancellation) => await FindAsync(new SessionKey(session.SessionKey), session.Description, found, cancellation));
            cursor = page.Cursor;
        }
        while (cursor != 0);
    }

    private async Task FindAsync(SessionKey key, SessionDescription session, ConcurrentBag<Action> found, CancellationToken cancellationToken)
    {
        if (await tickets!.FindAsync(key, session, cancellationToken) is { } sequel)
        {
            found.Add(sequel);
        }
    }

    [LoggerMessage(
        360,
        LogLevel.Warning,
        "Not all tickets of a user's sessions could be read before the sessions end, so nothing follows the end of the others: no refresh token is revoked. {Reason}")]
    private static partial void LogNotRead(ILogger logger, string reason);
}
