using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansSessions.Contracts;

namespace OrleansSessions.Client.News;

/// <summary>
/// News of sessions: their changes and their end, wherever in the cluster they happen. A watched session is read at an interval, once for all listeners in this process, and
/// listeners are unknown to its grain. So a slow or dead one costs nothing there, and a read after a failure finds whatever happened meanwhile.
/// </summary>
public sealed class SessionNews
{
    private readonly Dictionary<SessionKey, SessionWatch> _watches = [];
    private readonly Lock _lock = new();
    private readonly SessionClient _client;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly ILogger _logger;

    /// <param name="client">The client of the sessions.</param>
    /// <param name="interval">The time between two readings of a session, which is how late news are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log of failed readings, at debug level: one line until a reading succeeds again.</param>
    public SessionNews(SessionClient client, TimeSpan interval, TimeProvider time, ILogger<SessionNews> logger)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        (_client, _interval, _time, _logger) = (client, interval, time, logger);
    }

    /// <summary>
    /// Enumerates a session's states: the current one, then those after changes, and completes when the session has ended. Reading does not extend the session, and use
    /// of it is no change. A listener that is slower than the changes gets the latest only. While the session can't be read, nothing comes.
    /// </summary>
    /// <param name="key">The session.</param>
    /// <param name="incarnation">The incarnation: another one under the same key is not it. Null: the one that is there at first.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<SessionDescription> WatchAsync(
        SessionKey key, Guid? incarnation = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        SessionWatch watch = Join(key);
        try
        {
            long? told = null;
            while (true)
            {
                SessionReading reading = watch.Latest;
                if (reading is { IsRead: true, Session: var session })
                {
                    if (session is null || session.Incarnation != (incarnation ??= session.Incarnation))
                    {
                        yield break;
                    }

                    if (told != session.Version)
                    {
                        told = session.Version;
                        cancellationToken.ThrowIfCancellationRequested();
                        yield return session;
                        continue;
                    }
                }

                await reading.Superseded.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Leave(key, watch);
        }
    }

    private SessionWatch Join(SessionKey key)
    {
        lock (_lock)
        {
            if (!_watches.TryGetValue(key, out SessionWatch? watch))
            {
                _watches[key] = watch = new SessionWatch(_client, key, _interval, _time, _logger);
                watch.Start();
            }

            watch.Listeners++;
            return watch;
        }
    }

    private void Leave(SessionKey key, SessionWatch watch)
    {
        lock (_lock)
        {
            if (--watch.Listeners > 0)
            {
                return;
            }

            _watches.Remove(key);
        }

        watch.Dispose();
    }
}
