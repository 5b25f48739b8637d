using System.Collections.Concurrent;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Number of calls that have reached each grain, from clients and from other grains.</summary>
internal sealed class ArrivedCalls : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, int> _calls = new();

    /// <summary>The calls of these grains so far.</summary>
    public int Of(params string[] keys) => keys.Sum(key => _calls.GetValueOrDefault(key));

    public Task Invoke(IIncomingGrainCallContext context)
    {
        _calls.AddOrUpdate(context.TargetId.Key.ToString()!, 1, static (_, calls) => calls + 1);
        return context.Invoke();
    }
}
