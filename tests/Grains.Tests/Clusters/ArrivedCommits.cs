using System.Collections.Concurrent;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Record of the commits that have reached their session: calls may overtake each other, even those of one caller.</summary>
internal sealed class ArrivedCommits : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<Guid, bool> _arrived = new();

    public Task WaitForAsync(Guid operationId) => Eventually.TrueAsync("the commit has arrived", () => _arrived.ContainsKey(operationId));

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Request.GetArgumentCount() == 1 && context.Request.GetArgument(0) is SessionCommit commit)
        {
            _arrived[commit.OperationId] = true;
        }

        // The session accepts the commit in this same step, before any other code runs in it.
        return context.Invoke();
    }
}
