namespace OrleansSessions.Bench.App.Sessions;

/// <summary>Counter that is read, incremented and written: all that the stock session can do.</summary>
internal sealed class PlainCounter : ICounter
{
    public ValueTask<long> AddAsync(HttpContext context)
    {
        long sum = VisitEntries.GetCounter(context.Session) + 1;
        VisitEntries.SetCounter(context.Session, sum);
        return ValueTask.FromResult(sum);
    }

    public ValueTask<long> VisitAsync(HttpContext context)
    {
        long sum = VisitEntries.GetCounter(context.Session) + 1;
        VisitEntries.SetCounter(context.Session, sum);
        VisitEntries.Rewrite(context.Session, sum);
        return ValueTask.FromResult(sum);
    }
}
