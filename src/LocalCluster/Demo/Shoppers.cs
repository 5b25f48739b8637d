using System.Diagnostics;

namespace OrleansSessions.LocalCluster.Demo;

/// <summary>All visitors of the demo, each with a request at a time and a pause after it, and the counts of what they saw.</summary>
internal sealed class Shoppers : IDisposable
{
    /// <summary>A bounded load: about one request a second each.</summary>
    public const int Count = 24;

    private const int SlowestSeconds = 10;

    private readonly Lock _lock = new();
    private readonly Visitor[] _visitors;
    private readonly bool[] _waiting = new bool[Count];
    private readonly Queue<(long At, long Ms)> _recent = [];
    private readonly Action<string> _warn;
    private long _requests;
    private long _failed;
    private long _lost;

    /// <param name="shop">The shop's address.</param>
    /// <param name="warn">Learns of each failure.</param>
    public Shoppers(Uri shop, Action<string> warn)
    {
        _warn = warn;
        _visitors = [.. Enumerable.Range(0, Count).Select(i => new Visitor(new SocketsHttpHandler { UseProxy = false, CookieContainer = new() }, shop, seed: i))];
    }

    /// <summary>Lets all visitors shop until the token is cancelled.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, Count).Select(i => ShopAsync(i, stop)));

    /// <summary>Returns the counts and the carts.</summary>
    public (long Requests, long Failed, long Lost, long SlowestMs, IReadOnlyList<DemoVisitor> Visitors) Read()
    {
        lock (_lock)
        {
            while (_recent.TryPeek(out (long At, long Ms) oldest) && Stopwatch.GetElapsedTime(oldest.At).TotalSeconds > SlowestSeconds)
            {
                _recent.Dequeue();
            }

            long slowest = _recent.Count == 0 ? 0 : _recent.Max(static request => request.Ms);
            return (_requests, _failed, _lost, slowest, [.. _visitors.Select((visitor, i) => new DemoVisitor(visitor.Items, visitor.Silo, visitor.Frontend, _waiting[i]))]);
        }
    }

    public void Dispose() => Array.ForEach(_visitors, static visitor => visitor.Dispose());

    private async Task ShopAsync(int place, CancellationToken stop)
    {
        Visitor visitor = _visitors[place];
        await Task.Delay(visitor.Think(), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stop.IsCancellationRequested)
        {
            long started = Stopwatch.GetTimestamp();
            Volatile.Write(ref _waiting[place], true);
            VisitorOutcome outcome;
            try
            {
                outcome = await visitor.ActAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Volatile.Write(ref _waiting[place], false);
            Note(place, outcome, started);
            await Task.Delay(visitor.Think(), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Note(int place, VisitorOutcome outcome, long started)
    {
        lock (_lock)
        {
            _requests++;
            _failed += outcome.Answered ? 0 : 1;
            _lost += outcome.Lost;
            _recent.Enqueue((Stopwatch.GetTimestamp(), (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds));
        }

        if (!outcome.Answered || outcome.Lost > 0)
        {
            _warn(outcome.Answered ? $"demo: visitor {place + 1} misses {outcome.Lost} acknowledged changes." : $"demo: a request of visitor {place + 1} failed.");
        }
    }
}
