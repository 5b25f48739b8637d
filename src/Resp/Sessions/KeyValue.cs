using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.Resp.Sessions;

/// <summary>
/// One key as commands see and change it: a session as it was loaded, and what the commands so far would make of it. Nothing reaches the cluster before
/// <see cref="SessionTransactions"/> commits the changes, all at once.
/// </summary>
internal sealed class KeyValue
{
    /// <summary>The idle timeout that stands for "no expiry": the longest there is.</summary>
    public static readonly TimeSpan NoExpiry = SessionLifetime.Max;

    /// <summary>The value of no key.</summary>
    public static readonly KeyValue None = new(null, null, PhpHandler.Php, new SessionLimits(), default);

    private readonly SessionLimits _limits;
    private readonly PhpHandler _handlerOfEntries;
    private readonly List<SessionChange> _changes = [];

    /// <summary>What the next write is compared with; null: it replaces the whole.</summary>
    private RememberedRead? _read;

    public KeyValue(SessionSnapshot? loaded, RememberedRead? read, PhpHandler handlerOfEntries, SessionLimits limits, DateTimeOffset now)
    {
        Loaded = loaded;
        Now = now;
        Exists = loaded is not null;
        Payload = loaded is null ? RememberedRead.Nothing.Payload : new Payload(loaded.Shape, loaded.Entries);
        IdleTimeout = loaded?.IdleTimeout ?? NoExpiry;
        ExpiresAt = loaded?.ExpiresAt ?? now + NoExpiry;
        _read = read;
        _handlerOfEntries = handlerOfEntries;
        _limits = limits;
    }

    /// <summary>The session in the cluster; null: none.</summary>
    public SessionSnapshot? Loaded { get; }

    /// <summary>The time of all commands.</summary>
    public DateTimeOffset Now { get; }

    public bool Exists { get; private set; }

    public Payload Payload { get; private set; }

    public TimeSpan IdleTimeout { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Whether the key ends by itself.</summary>
    public bool HasExpiry => IdleTimeout < NoExpiry;

    public bool IsHash => Exists && Payload.Shape == SessionShape.Hash;

    /// <summary>Whether the key was deleted, even if it was written again: what was read before means nothing any more.</summary>
    public bool WasDeleted { get; private set; }

    /// <summary>Whether a write came from a client that had read a session which has ended since.</summary>
    public bool IsLateWrite { get; private set; }

    /// <summary>Whether the session's deadline moves although nothing else changes.</summary>
    public bool IsRefreshed { get; private set; }

    /// <summary>What to commit.</summary>
    public IReadOnlyList<SessionChange> Changes => _changes;

    /// <summary>What the client has been shown, or has written, if the next write is to be compared with it.</summary>
    public RememberedRead? Remembered { get; private set; }

    /// <summary>The value of a key that is no hash.</summary>
    public ReadOnlyMemory<byte> Read()
    {
        Remembered = new RememberedRead(Loaded?.Incarnation, Payload, IdleTimeout);
        return Peek();
    }

    /// <summary>The value of a key that is no hash, if the client does not get to see it.</summary>
    public ReadOnlyMemory<byte> Peek() => Payload.Join(_handlerOfEntries);

    /// <summary>What the client learns when there is nothing. A write that follows makes a new session.</summary>
    public void ReadNothing() => _read = Remembered = RememberedRead.Nothing;

    /// <summary>
    /// Sets the value. After a read on the same connection, what changed since then is set; otherwise the whole. The expiry stays: set it afterwards.
    /// </summary>
    public void Write(ReadOnlyMemory<byte> value)
    {
        if (_read is { Incarnation: { } incarnation } && incarnation != Loaded?.Incarnation)
        {
            IsLateWrite = true;
            return;
        }

        var wanted = Payload.Split(value, _limits);
        _changes.AddRange(_read is null || IsHash ? PayloadDiff.Replace(wanted) : PayloadDiff.Between(_read.Payload.AsShown(_handlerOfEntries), wanted));
        Become(wanted);
        if (_read is not null || Remembered is not null)
        {
            Remembered = new RememberedRead(Loaded?.Incarnation, wanted, IdleTimeout);
        }

        _read = _read is null ? null : Remembered;
    }

    /// <summary>Makes the key end when it has not been used for so long; <see cref="NoExpiry"/>: never. Not positive: now.</summary>
    public void SetExpiry(TimeSpan idleTimeout)
    {
        if (!Exists)
        {
            return;
        }

        if (idleTimeout <= TimeSpan.Zero)
        {
            Delete();
            return;
        }

        idleTimeout = SessionLifetime.Clamp(idleTimeout);
        ExpiresAt = Now + idleTimeout;
        if (idleTimeout == IdleTimeout && Loaded is not null)
        {
            IsRefreshed = true;
            return;
        }

        IdleTimeout = idleTimeout;
        _changes.Add(SessionChange.SetIdleTimeout(idleTimeout));
    }

    public void Delete()
    {
        _changes.Clear();
        if (Loaded is not null)
        {
            // For a write that follows: whatever the session holds when this is committed goes first.
            _changes.AddRange([SessionChange.Clear(), SessionChange.SetIdleTimeout(NoExpiry)]);
        }

        WasDeleted = true;
        IsLateWrite = false;
        Exists = false;
        Payload = RememberedRead.Nothing.Payload;
        IdleTimeout = NoExpiry;
        _read = Remembered = null;
        IsRefreshed = false;
    }

    /// <summary>Sets a field of a hash, and makes the key one if there is none. False: the field was there before.</summary>
    public bool SetField(string name, ReadOnlyMemory<byte> value)
    {
        if (!IsHash)
        {
            _changes.Add(SessionChange.SetShape(SessionShape.Hash));
            Become(new Payload(SessionShape.Hash, Payload.Entries));
        }

        var entry = new SessionEntry { Name = name, Value = value.ToArray() };
        int index = IndexOf(name);
        _changes.Add(SessionChange.Set(name, entry.Value));
        Payload = Payload with { Entries = index < 0 ? Payload.Entries.Add(entry) : Payload.Entries.SetItem(index, entry) };
        return index < 0;
    }

    /// <summary>Removes a field; the key goes with the last one. False: there was no such field.</summary>
    public bool RemoveField(string name)
    {
        int index = IndexOf(name);
        if (index < 0)
        {
            return false;
        }

        _changes.Add(SessionChange.Remove(name));
        Payload = Payload with { Entries = Payload.Entries.RemoveAt(index) };
        if (Payload.Entries.IsEmpty)
        {
            Delete();
        }

        return true;
    }

    public SessionEntry? FindField(string name) => IndexOf(name) is >= 0 and int index ? Payload.Entries[index] : null;

    private int IndexOf(string name)
    {
        for (int i = 0; i < Payload.Entries.Length; i++)
        {
            if (Payload.Entries[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    private void Become(Payload payload)
    {
        Exists = true;
        Payload = payload;
    }
}
