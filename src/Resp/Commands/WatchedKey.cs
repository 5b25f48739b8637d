using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands;

/// <summary>
/// Key watched by a connection, with its state at that time. A refused WATCH is kept as well: clients that ignore the error would otherwise execute their
/// transaction unconditionally.
/// </summary>
internal sealed class WatchedKey
{
    /// <summary>The key; null: none is watched.</summary>
    public SessionAddress? Address { get; private set; }

    /// <summary>The session's mark, if the key is a session.</summary>
    public SessionMark? Session { get; private set; }

    /// <summary>The request that held the lock, if the key is a lock; empty: the lock was free.</summary>
    public Guid LockRequest { get; private set; }

    /// <summary>The owner whose lock the transaction may release or extend; if the lock was free, an owner that does not exist. Null: any owner.</summary>
    public byte[]? LockOwner { get; private set; }

    /// <summary>Whether a WATCH was refused.</summary>
    public bool IsRefused { get; private set; }

    public void Watch(SessionAddress address, SessionMark session)
    {
        Address = address;
        Session = session;
    }

    public void WatchLock(SessionAddress address, Guid request, byte[] owner)
    {
        Address = address;
        LockRequest = request;
        LockOwner = owner;
    }

    public void Refuse()
    {
        Clear();
        IsRefused = true;
    }

    public void Clear()
    {
        Address = null;
        Session = null;
        LockRequest = Guid.Empty;
        LockOwner = null;
        IsRefused = false;
    }
}
