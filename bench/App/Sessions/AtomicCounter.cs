using OrleansSessions.AspNetCore;

namespace OrleansSessions.Bench.App.Sessions;

/// <summary>Counter that is incremented atomically in the cluster, in the same commit as the request's other changes.</summary>
internal sealed class AtomicCounter : ICounter
{
    public async ValueTask<long> AddAsync(HttpContext context) =>
        await context.GetOrleansSession().IncrementAsync(VisitEntries.CounterName, by: 1, context.RequestAborted);

    public ValueTask<long> VisitAsync(HttpContext context)
    {
        VisitEntries.Rewrite(context.Session, VisitEntries.GetCounter(context.Session) + 1);
        return AddAsync(context);
    }
}
