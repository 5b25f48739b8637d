using System.Collections.Concurrent;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Methods that were called of each grain, by clients and by other grains.</summary>
internal sealed class ArrivedCalls : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _calls = new();

    /// <summary>The methods called of a grain, in order.</summary>
    public IReadOnlyList<string> Of(string key) => _calls.TryGetValue(key, out ConcurrentQueue<string>? calls) ? [.. calls] : [];

    public Task Invoke(IIncomingGrainCallContext context)
    {
        _calls.GetOrAdd(context.TargetId.Key.ToString()!, static _ => []).Enqueue(context.MethodName);
        return context.Invoke();
    }
}
