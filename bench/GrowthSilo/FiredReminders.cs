namespace OrleansSessions.Bench.GrowthSilo;

/// <summary>How many reminders have done their work.</summary>
internal sealed class FiredReminders
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);
}
