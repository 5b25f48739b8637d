namespace OrleansSessions.Resp.Buffers;

/// <summary>
/// Buffers of one connection, as counted by <see cref="BufferBudget"/>. Small amounts are not counted: they come and go with every command.
/// </summary>
/// <param name="budget">The budget of all connections.</param>
/// <param name="abort">Closes the connection.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionBuffers(BufferBudget budget, Action<string> abort, TimeProvider time) : IDisposable
{
    /// <summary>How much a connection reads ahead while its client reads no replies.</summary>
    public const int ReadAheadBytes = 128 * 1024;

    /// <summary>Unsent bytes above which the connection pauses writing.</summary>
    public const int UnsentBytes = 16 * 1024;

    /// <summary>Amounts up to this are not counted.</summary>
    public const int SmallBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private long _bytes;
    private bool _isHolder;
    private bool _isClosed;
    private bool _isWaiting;

    /// <summary>The buffered bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether the connection waits for its client to send or to read.</summary>
    public bool IsWaiting => Volatile.Read(ref _isWaiting);

    /// <summary>The timestamp at which the wait began.</summary>
    public long WaitingSince { get; private set; }

    /// <summary>Whether the connection has not been closed to free memory.</summary>
    public bool IsOpen => !Volatile.Read(ref _isClosed);

    /// <summary>Records work that takes this many bytes. Returns false if the connection has been closed.</summary>
    public bool Hold(long bytes) => Set(bytes, isWaiting: false);

    /// <summary>Records work that takes this many more bytes. Returns false if the connection has been closed.</summary>
    public bool HoldMore(long bytes) => Set(Bytes + bytes, isWaiting: false);

    /// <summary>Records that the connection waits for its client while it holds this many bytes.</summary>
    public void Wait(long bytes) => Set(bytes, isWaiting: true);

    /// <summary>Records that the connection holds nothing worth counting.</summary>
    public void Release()
    {
        if (_isHolder)
        {
            Set(0, isWaiting: false);
        }
    }

    /// <summary>Removes the connection from the accounting.</summary>
    public void Dispose()
    {
        Release();
        lock (_lock)
        {
            _isClosed = true;
            budget.Remove(this);
        }
    }

    /// <summary>Closes the connection to free memory. Returns the bytes that it held.</summary>
    public long Close()
    {
        long bytes;
        lock (_lock)
        {
            _isClosed = true;
            bytes = Interlocked.Exchange(ref _bytes, 0);
        }

        abort("The buffers of all connections exceed Resp:MaxBufferedBytes.");
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
