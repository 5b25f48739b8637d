using OrleansSessions.Contracts;

namespace OrleansSessions.Client.News;

/// <summary>Repeated reading of one session, for all of its listeners in this process.</summary>
internal sealed class SessionWatch : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile SessionReading _latest = new(isRead: false, session: null);

    /// <summary>The latest reading. An end is one too, so no listener can miss it.</summary>
    public SessionReading Latest => _latest;

    /// <summary>The number of listeners. Guarded by the owner's lock.</summary>
    public int Listeners { get; set; }

    public async Task RunAsync(SessionClient client, SessionKey key, TimeSpan interval, TimeProvider time)
    {
        CancellationToken stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Take(await client.DescribeAsync(key, stop));
            }
            catch (Exception)
            {
                // Unavailable, damaged or of a newer version: nothing is known, and the next reading may tell. Or the last listener has left.
            }

            await Task.Delay(interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
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
