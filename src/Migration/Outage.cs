namespace OrleansSessions.Migration;

/// <summary>Whether a kind of call fails, so that an outage is told once. Reads and writes have their own: a replica answers the one and refuses the other.</summary>
internal sealed class Outage
{
    private bool _isOn;

    /// <summary>A call has failed. True for the first of an outage.</summary>
    public bool TryBegin() => !Volatile.Read(ref _isOn) && !Interlocked.Exchange(ref _isOn, true);

    /// <summary>A call was answered. True for the first after an outage.</summary>
    public bool TryEnd() => Volatile.Read(ref _isOn) && Interlocked.Exchange(ref _isOn, false);
}
