using OrleansSessions.Contracts;

namespace OrleansSessions.Client.News;

/// <summary>Repeated reading of one session, for all of its listeners in this process.</summary>
internal sealed class SessionWatch : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private volatile SessionReading _latest = new(isRead: false, session: null);

    public SessionWatch() => _stopped = _stop.Token;

    /// <summary>The latest reading. An end is one too, so no listener can miss it.</summary>
    public SessionReading Latest => _latest;

    /// <summary>The number of listeners. Guarded by the owner's lock.</summary>
    public int Listeners { get; set; }

    /// <summary>
    /// Starts the reading, without the caller's execution context: the watch may outlive the first listener's request, whose trace and log scopes are not its own.
    /// </summary>
    public void Start(SessionClient client, SessionKey key, TimeSpan interval, TimeProvider time) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Watch.RunAsync(state.client, state.key, state.interval, state.time), (Watch: this, client, key, interval, time), preferLocal: false);

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync(SessionClient client, SessionKey key, TimeSpan interval, TimeProvider time)
    {
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                Take(await client.DescribeAsync(key, _stopped));
            }
            catch (Exception)
            {
                // Unavailable, damaged or of a newer version: nothing is known, and the next reading may tell. Or the last listener has left.
            }

            await Task.Delay(interval, time, _stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
}
