namespace OrleansSessions.Bench.GrowthSilo;

/// <summary>The clock of the sessions' deadlines. It is put forward to let all of them expire at one moment, however long it took to make them.</summary>
internal sealed class AdvancingClock : TimeProvider
{
    private long _aheadTicks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);
}
