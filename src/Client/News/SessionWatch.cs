using Microsoft.Extensions.Logging;
using OrleansSessions.Contracts;

namespace OrleansSessions.Client.News;

/// <summary>Repeated reading of one session, for all of its listeners in this process.</summary>
internal sealed partial class SessionWatch : IDisposable
{
    private readonly SessionClient _client;
    private readonly SessionKey _key;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private volatile SessionReading _latest = new(isRead: false, session: null);

    public SessionWatch(SessionClient client, SessionKey key, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        (_client, _key, _interval, _time, _logger) = (client, key, interval, time, logger);
        _stopped = _stop.Token;
    }

    /// <summary>The latest reading. An end is one too, so no listener can miss it.</summary>
    public SessionReading Latest => _latest;

    /// <summary>The number of listeners. Guarded by the owner's lock.</summary>
    public int Listeners { get; set; }

    /// <summary>
    /// Starts the reading, without the caller's execution context: the watch may outlive the first listener's request, whose trace and log scopes are not its own.
    /// </summary>
    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(static watch => _ = watch.RunAsync(), this, preferLocal: false);

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        bool isFailing = false;
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                Take(await _client.DescribeAsync(_key, _stopped));
                isFailing = false;
            }
            catch (Exception) when (_stopped.IsCancellationRequested)
            {
                // The last listener has left.
                return;
            }
            catch (Exception exception)
            {
                // Unavailable, damaged or of a newer version: nothing is known, and the next reading may tell.
                if (!isFailing)
                {
                    LogUnread(_logger, _key.Value, exception.Message);
                }

                isFailing = true;
            }

            await Task.Delay(_interval, _time, _stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Take(SessionDescription? answer)
    {
        SessionReading before = _latest;
        if (!before.Says(answer))
        {
            _latest = new SessionReading(isRead: true, answer);
            before.Supersede();
        }
    }

    [LoggerMessage(410, LogLevel.Debug, "The watched session {SessionKey} can't be read. Its listeners learn nothing until it can. {Reason}")]
    private static partial void LogUnread(ILogger logger, string sessionKey, string reason);
}
