using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>Log of a run's HTTP requests, with the number of Redis commands.</summary>
internal sealed class RequestLog
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly ConcurrentDictionary<long, long> _pending = new();
    private int _commands;
    private long _begun;

    public IReadOnlyCollection<Request> Requests => _requests;

    /// <summary>The number of commands sent over the Redis protocol.</summary>
    public int Commands => _commands;

    public void AddCommand() => Interlocked.Increment(ref _commands);

    /// <summary>Records the start of a request.</summary>
    /// <returns>Its number.</returns>
    public long Begin(long started)
    {
        long number = Interlocked.Increment(ref _begun);
        _pending[number] = started;
        return number;
    }

    /// <summary>Records the end of a request.</summary>
    public void End(long number, Request request)
    {
        _pending.TryRemove(number, out _);
        _requests.Enqueue(request);
    }

    /// <summary>Whether some requests were answered recently, and none failed or was slow.</summary>
    public bool IsSmooth(TimeSpan length)
    {
        long since = Stopwatch.GetTimestamp() - (long)(length.TotalSeconds * Stopwatch.Frequency);
        Request[] late = [.. _requests.Where(request => request.Ended >= since)];
        return late.Length > 0 && late.All(request => request.Failure is null && IsFast(request.Started, request.Ended))
            && _pending.Values.All(started => IsFast(started, Stopwatch.GetTimestamp()));
    }

    private static bool IsFast(long started, long ended) => Stopwatch.GetElapsedTime(started, ended) < Slow;
}
