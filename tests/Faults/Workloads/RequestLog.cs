using System.Collections.Concurrent;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>All HTTP requests of a run, and the number of Redis commands.</summary>
internal sealed class RequestLog
{
    private readonly ConcurrentQueue<Request> _requests = new();
    private int _commands;

    public IReadOnlyCollection<Request> Requests => _requests;

    /// <summary>The commands that were sent over the Redis protocol.</summary>
    public int Commands => _commands;

    public void Add(Request request) => _requests.Enqueue(request);

    public void AddCommand() => Interlocked.Increment(ref _commands);
}
