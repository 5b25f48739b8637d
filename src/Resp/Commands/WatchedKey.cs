using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands;

/// <summary>
/// The key that a connection watches, and what it was then. A WATCH that was refused is kept as well: clients that overlook the error would otherwise execute
/// their transaction without its condition.
/// </summary>
internal sealed class WatchedKey
{
    /// <summary>The key; null: none is watched.</summary>
    public SessionAddress? Address { get; private set; }

    /// <summary>The session, if the key is one.</summary>
    public SessionMark? Session { get; private set; }

    /// <summary>The request that had the lock, if the key is a lock; empty: the lock was free.</summary>
    public Guid LockRequest { get; private set; }

    /// <summary>The owner whose lock a command of the transaction may end or extend: an owner that does not exist, if the lock was free. Null: any owner.</summary>
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
