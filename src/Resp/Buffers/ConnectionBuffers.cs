namespace OrleansSessions.Resp.Buffers;

/// <summary>
/// What one connection holds in memory for its client, as <see cref="BufferBudget"/> counts it. Small amounts are not counted: they come and go with every command.
/// </summary>
/// <param name="budget">The bound of all connections.</param>
/// <param name="abort">Closes the connection.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionBuffers(BufferBudget budget, Action<string> abort, TimeProvider time) : IDisposable
{
    /// <summary>What a connection reads ahead while its client takes in no replies.</summary>
    public const int ReadAheadBytes = 128 * 1024;

    /// <summary>What waits to be sent before the connection writes no further.</summary>
    public const int UnsentBytes = 16 * 1024;

    /// <summary>What is not counted.</summary>
    public const int SmallBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private long _bytes;
    private bool _isHolder;
    private bool _isClosed;
    private bool _isWaiting;

    /// <summary>The bytes that it holds.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether it waits for its client, to send more or to take in more.</summary>
    public bool IsWaiting => Volatile.Read(ref _isWaiting);

    /// <summary>The timestamp at which the wait began.</summary>
    public long WaitingSince { get; private set; }

    /// <summary>Whether it has not been closed for the sake of others.</summary>
    public bool IsOpen => !Volatile.Read(ref _isClosed);

    /// <summary>It works on something that takes so many bytes. False: it has been closed.</summary>
    public bool Hold(long bytes) => Set(bytes, isWaiting: false);

    /// <summary>It works on something that takes so many bytes more. False: it has been closed.</summary>
    public bool HoldMore(long bytes) => Set(Bytes + bytes, isWaiting: false);

    /// <summary>It waits for its client, with so many bytes.</summary>
    public void Wait(long bytes) => Set(bytes, isWaiting: true);

    /// <summary>It holds nothing worth counting.</summary>
    public void Release()
    {
        if (_isHolder)
        {
            Set(0, isWaiting: false);
        }
    }

    /// <summary>It is gone.</summary>
    public void Dispose()
    {
        Release();
        lock (_lock)
        {
            _isClosed = true;
            budget.Remove(this);
        }
    }

    /// <summary>Closes the connection for the sake of others. Returns what it held.</summary>
    public long Close()
    {
        long bytes;
        lock (_lock)
        {
            _isClosed = true;
            bytes = Interlocked.Exchange(ref _bytes, 0);
        }

        abort("The connections of all clients hold too much memory.");
        return bytes;
    }

    private bool Set(long bytes, bool isWaiting)
    {
        long change;
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            if (isWaiting && !_isWaiting)
            {
                WaitingSince = time.GetTimestamp();
            }

            _isWaiting = isWaiting;
            change = bytes - Interlocked.Exchange(ref _bytes, bytes);
            if (!_isHolder && bytes > 0)
            {
                _isHolder = true;
                budget.Add(this);
            }
        }

        if (change != 0)
        {
            budget.Change(change, this);
        }

        return IsOpen;
    }
}
