using System.Collections.Concurrent;

namespace OrleansSessions.WebFrontend.Live;

/// <summary>Count of the open streams of one kind. The page of a refused one tries again later.</summary>
internal sealed class OpenStreams
{
    /// <summary>The maximum number in this process.</summary>
    private const int MaxStreams = 2_000;

    /// <summary>The maximum number for one session, so that one visitor can't take them all.</summary>
    private const int MaxStreamsPerSession = 6;

    private readonly ConcurrentDictionary<string, int> _streamsOfSessions = new();
    private int _streams;

    /// <summary>Counts a stream, unless it is one too many.</summary>
    public bool TryOpen(string sessionKey)
    {
        bool isOneTooMany = _streamsOfSessions.AddOrUpdate(sessionKey, 1, static (_, open) => open + 1) > MaxStreamsPerSession;
        if (Interlocked.Increment(ref _streams) <= MaxStreams && !isOneTooMany)
        {
            return true;
        }

        Close(sessionKey);
        return false;
    }

    /// <summary>Counts a stream no longer.</summary>
    public void Close(string sessionKey)
    {
        Interlocked.Decrement(ref _streams);
        if (_streamsOfSessions.AddOrUpdate(sessionKey, 0, static (_, open) => open - 1) == 0)
        {
            _streamsOfSessions.TryRemove(KeyValuePair.Create(sessionKey, 0));
        }
    }
}
