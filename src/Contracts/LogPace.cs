namespace OrleansSessions.Contracts;

/// <summary>Rate limiter for log messages that clients can trigger: passes one per period and counts the suppressed ones.</summary>
/// <param name="time">The clock.</param>
internal sealed class LogPace(TimeProvider time)
{
    /// <summary>Time between two messages.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long? _lastAt;
    private long _heldBack;

    /// <summary>Whether a message may be logged now.</summary>
    /// <param name="heldBack">The number of messages suppressed since the last one that was logged.</param>
    public bool TryTake(out long heldBack)
    {
        lock (_lock)
        {
            heldBack = _heldBack;
            if (_lastAt is { } last && time.GetElapsedTime(last) < Period)
            {
                _heldBack++;
                return false;
            }

            _lastAt = time.GetTimestamp();
            _heldBack = 0;
            return true;
        }
    }
}
