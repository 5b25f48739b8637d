using Microsoft.Extensions.Logging;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Users;

/// <summary>Calls to the grains of listed sessions, a bounded number at a time.</summary>
internal sealed partial class ListedSessions(IGrainFactory grains, ILogger<ListedSessions> logger)
{
    private const int Width = 64;

    /// <summary>Asks each session's grain.</summary>
    public async Task<FoundSession[]> FindAsync(string user, IReadOnlyList<RegisteredSession> sessions)
    {
        var found = new FoundSession[sessions.Count];
        await ForEachAsync(sessions.Count, async i => found[i] = await FindAsync(user, sessions[i]));
        return found;
    }

    /// <summary>Ends a session.</summary>
    /// <returns>Whether it was there; null: it is damaged, so no frontend can use it either.</returns>
    /// <exception cref="NotSupportedException">A newer version stored it, and may serve it on another silo.</exception>
    /// <exception cref="SessionEncryptionException">This silo has no key for it; another one may.</exception>
    public async Task<bool?> EndAsync(string user, RegisteredSession session)
    {
        try
        {
            // A session that moves has either key until its turn has ended, and the new one from then on.
            EndReason reason = session.Ending!.Value;
            bool wasThere = session.MovedFrom is { } before && await Of(before).EndAsync(user, reason, session.EndingActor);
            return await Of(session.SessionKey).EndAsync(user, reason, session.EndingActor) || wasThere;
        }
        catch (InvalidDataException exception)
        {
            LogUnreadable(logger, session.SessionKey, exception.Message);
            return null;
        }
    }

    /// <summary>Does something for each index below a count.</summary>
    public static Task ForEachAsync(int count, Func<int, Task> work)
    {
        int next = 0;
        return Task.WhenAll(Enumerable.Range(0, Math.Min(count, Width)).Select(_ => WorkAsync()));

        async Task WorkAsync()
        {
            while (next < count)
            {
                await work(next++);
            }
        }
    }

    private async Task<FoundSession> FindAsync(string user, RegisteredSession session)
    {
        try
        {
            if (session.MovedFrom is { } before && await Of(before).VerifyAsync(user) is { IsNothing: false } unmoved)
            {
                return new FoundSession(before, unmoved.Description, IsGone: false);
            }

            SessionOfUser verified = await Of(session.SessionKey).VerifyAsync(user);
            return new FoundSession(session.SessionKey, verified.Description, verified.IsNothing);
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or SessionEncryptionException)
        {
            // Damaged, stored by a newer version or under another key: its user remains unknown.
            LogUnreadable(logger, session.SessionKey, exception.Message);
            return new FoundSession(session.SessionKey, null, IsGone: false);
        }
    }

    /// <summary>Logs that an ended session could not be removed from the list.</summary>
    public void LogNotRemoved(string sessionKey, Exception exception) => LogNotRemoved(logger, sessionKey, exception.Message);

    private ISessionOfUserGrain Of(string sessionKey) => grains.GetGrain<ISessionOfUserGrain>(sessionKey);

    [LoggerMessage(285, LogLevel.Warning, "The session {SessionKey} can't be read and is missing from its user's list: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string sessionKey, string reason);

    [LoggerMessage(286, LogLevel.Debug, "The ended session {SessionKey} was not removed from its user's list; the next listing removes it. {Reason}")]
    private static partial void LogNotRemoved(ILogger logger, string sessionKey, string reason);
}
