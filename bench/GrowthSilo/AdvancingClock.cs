namespace OrleansSessions.Bench.GrowthSilo;

/// <summary>Clock for session deadlines. Moving it forward expires all sessions at one moment, however long it took to create them.</summary>
internal sealed class AdvancingClock : TimeProvider
{
    private long _aheadTicks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);
}
