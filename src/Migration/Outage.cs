namespace OrleansSessions.Migration;

/// <summary>Outage state of one kind of call, so that each outage is logged once. Reads and writes are separate: a replica accepts reads and refuses writes.</summary>
internal sealed class Outage
{
    private bool _isOn;

    /// <summary>Records a failure. Returns true for the first of an outage.</summary>
    public bool TryBegin() => !Volatile.Read(ref _isOn) && !Interlocked.Exchange(ref _isOn, true);

    /// <summary>Records a success. Returns true for the first after an outage.</summary>
    public bool TryEnd() => Volatile.Read(ref _isOn) && Interlocked.Exchange(ref _isOn, false);
}
