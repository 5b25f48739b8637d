namespace OrleansSessions.Bench.GrowthSilo;

/// <summary>Number of reminders that have fired.</summary>
internal sealed class FiredReminders
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);
}
