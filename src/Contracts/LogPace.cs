namespace OrleansSessions.Contracts;

/// <summary>Lets one log line through per period and counts those that it holds back, for what a client can cause as often as it likes.</summary>
/// <param name="time">The clock.</param>
internal sealed class LogPace(TimeProvider time)
{
    /// <summary>The time between two lines.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long? _lastAt;
    private long _heldBack;

    /// <summary>Whether a line may be written now.</summary>
    /// <param name="heldBack">The number of lines held back since the last one that was not.</param>
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
