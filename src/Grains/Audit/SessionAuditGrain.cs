using Orleans.Concurrency;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Audit;

/// <inheritdoc cref="ISessionAuditGrain"/>
[GrainType("session-audit"), StatelessWorker]
internal sealed class SessionAuditGrain(AuditStream stream) : Grain, ISessionAuditGrain
{
    public async ValueTask<AuditPage> LatestAsync(int count) => await stream.LatestAsync(Bounded(count));

    public async ValueTask<AuditPage> AfterAsync(string cursor, int count)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        return AuditStream.IsPlace(cursor)
            ? await stream.AfterAsync(cursor, Bounded(count))
            : throw new ArgumentException("A cursor is the id of an event: milliseconds-number.", nameof(cursor));
    }

    private static int Bounded(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Math.Min(count, ISessionAuditGrain.MaxPage);
    }
}
