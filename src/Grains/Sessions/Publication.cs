using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Sessions;

/// <summary>
/// State of a session as other threads may read it, and the session's last use, which they may advance. A mutable struct: a field of the one activation that owns it.
/// </summary>
internal struct Publication
{
    private SessionState? _state;
    private int _epoch;
    private long _lastUsedAtMs;
    private long _lastMessageMs;
    private bool _isHidden;

    /// <summary>The last use, stored or not.</summary>
    public long LastUsedAtMs
    {
        readonly get => Volatile.Read(in _lastUsedAtMs);
        set => Volatile.Write(ref _lastUsedAtMs, value);
    }

    /// <summary>Whether the activation is about to end.</summary>
    public readonly bool IsHidden => Volatile.Read(in _isHidden);

    /// <summary>Returns the published state; null: none, or not of this epoch.</summary>
    public readonly SessionState? Read(int epoch)
    {
        // The epoch first: a state is written before its epoch.
        bool isCurrent = Volatile.Read(in _epoch) == epoch;
        SessionState? state = Volatile.Read(in _state);
        return isCurrent ? state : null;
    }

    /// <summary>
    /// Publishes a state; null: withdraws it. A reader of the old one that moves the last use afterwards finds it replaced; all earlier moves are visible to the caller.
    /// </summary>
    public void Write(SessionState? state, int epoch)
    {
        Interlocked.Exchange(ref _state, state);
        Volatile.Write(ref _epoch, epoch);
    }

    /// <summary>Leaves all answers to the grain from now on: its activation is about to end. Callable from any thread.</summary>
    public void Hide() => Volatile.Write(ref _isHidden, true);

    /// <summary>Records a message to the grain.</summary>
    public void NoteMessage(long nowMs) => Volatile.Write(ref _lastMessageMs, nowMs);

    /// <summary>Whether the last message to the grain is longer ago. From time to time one read must be a message, or Orleans would take the activation for unused.</summary>
    public readonly bool IsSilentFor(long timeMs, long nowMs) => nowMs - Volatile.Read(in _lastMessageMs) > timeMs;

    /// <summary>Moves the last use forward.</summary>
    public void Touch(long nowMs)
    {
        long last;
        do
        {
            last = Interlocked.Read(ref _lastUsedAtMs);
        }
        while (last < nowMs && Interlocked.CompareExchange(ref _lastUsedAtMs, nowMs, last) != last);
    }
}
