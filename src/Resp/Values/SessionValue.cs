using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Values;

/// <summary>
/// Value of one key while commands read and change it: the loaded session and the commands' changes so far. Nothing reaches the cluster until the changes are
/// committed, all at once.
/// </summary>
internal sealed class SessionValue
{
    /// <summary>Value without a key.</summary>
    public static readonly SessionValue None = new(null, new KeyView { Limits = new SessionLimits() });

    private readonly KeyView _view;

    /// <summary>The read that the next write is compared with; null: the write replaces the whole value.</summary>
    private RememberedRead? _read;

    private Payload _payload;
    private ReadOnlyMemory<byte>? _joined;

    /// <summary>The entries as hash fields, created on first use; after a change, <see cref="_payload"/> is outdated.</summary>
    private SessionContent<SessionEntry>? _fields;

    /// <summary>The latest value of each changed field; null: removed.</summary>
    private Dictionary<string, byte[]?>? _changedFields;

    /// <summary>The changes that set the value; null: not written.</summary>
    private List<SessionChange>? _valueChanges;

    private KeyExpiry? _newExpiry;

    /// <summary>Whether the client has seen that there is no session, or has ended it itself.</summary>
    private bool _knowsThereIsNone;

    /// <summary>Whether the commit first clears the session.</summary>
    private bool _isReplaced;

    public SessionValue(SessionSnapshot? loaded, in KeyView view)
    {
        Loaded = loaded;
        Exists = loaded is not null;
        _view = view;
        _read = view.Read;
        _knowsThereIsNone = view.Read is { Incarnation: null };
        _payload = loaded is null ? RememberedRead.Nothing.Payload : new Payload(loaded.Shape, loaded.Entries);
        Expiry = loaded is null ? KeyExpiry.None : new KeyExpiry(loaded.IdleTimeout, null);
        ExpiresAt = loaded?.ExpiresAt ?? view.Now + KeyExpiry.None.IdleTimeout;
    }

    /// <summary>The client's read before these commands; null: none.</summary>
    public RememberedRead? ReadBefore => _view.Read;

    /// <summary>The session in the cluster; null: none.</summary>
    public SessionSnapshot? Loaded { get; }

    /// <summary>The time of all commands.</summary>
    public DateTimeOffset Now => _view.Now;

    /// <summary>Maximum size of a value.</summary>
    public int MaxBytes => _view.Limits.MaxBytes;

    public bool Exists { get; private set; }

    public SessionShape Shape => _payload.Shape;

    public KeyExpiry Expiry { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public bool IsHash => Exists && Shape == SessionShape.Hash;

    /// <summary>The entries, in their order.</summary>
    public IReadOnlyList<SessionEntry> Entries => Contents.Entries;

    /// <summary>Whether the key was deleted, even if it was written again: earlier reads are invalid.</summary>
    public bool WasDeleted { get; private set; }

    /// <summary>Whether a write came from a client that had read a session that has since ended.</summary>
    public bool IsLateWrite { get; private set; }

    /// <summary>Whether the value was written, which uses up the earlier read.</summary>
    public bool WasWritten { get; private set; }

    /// <summary>Whether a session created here must not follow one that ended a short while ago, because the client has not seen that end.</summary>
    public bool IsBlind => _view.Merges && Loaded is null && !_knowsThereIsNone;

    /// <summary>Whether only the session's deadline changes.</summary>
    public bool IsRefreshed => Loaded is not null && !HasContentChanges && _newExpiry is { Deadline: null } expiry && expiry.IdleTimeout == Loaded.IdleTimeout;

    /// <summary>The read that the client's next write is compared with, if this was one.</summary>
    public RememberedRead? Remembered { get; private set; }

    private bool HasContentChanges => _isReplaced || _valueChanges is not null || _changedFields is not null;

    private Payload Contents
    {
        get
        {
            if (_fields is not null && _changedFields is not null)
            {
                _payload = _payload with { Entries = _fields.ToImmutable() };
                _fields = null;
            }

            return _payload;
        }
    }

    /// <summary>Reads the value of a key that is not a hash.</summary>
    public ReadOnlyMemory<byte> Read()
    {
        if (_view.Merges)
        {
            Remembered = new RememberedRead(Loaded?.Incarnation, Contents);
        }

        return Peek();
    }

    /// <summary>Reads the value of a key that is not a hash, without showing it to the client.</summary>
    public ReadOnlyMemory<byte> Peek() => _joined ??= Contents.Join(_view.HandlerOfEntries);

    /// <summary>Reads a missing key. A following write creates a new session.</summary>
    public void ReadNothing()
    {
        if (_view.Merges)
        {
            _read = Remembered = RememberedRead.Nothing;
            _knowsThereIsNone = true;
        }
    }

    /// <summary>
    /// Sets the value. If its prefix merges and the connection has read it, sets the changes since then; otherwise the whole. The expiry stays: set it afterwards.
    /// </summary>
    public void Write(ReadOnlyMemory<byte> value)
    {
        if (_read is { Incarnation: { } incarnation } && incarnation != Loaded?.Incarnation)
        {
            IsLateWrite = true;
            return;
        }

        Payload wanted = _view.Merges ? Payload.Split(value, _view.Limits) : Payload.Whole(value);
        List<SessionChange>? changes = _read is { IsComparable: true } read && !IsHash
            ? PayloadDiff.Between(read.Payload.AsShown(_view.HandlerOfEntries), wanted)
            : null;
        if (changes is null || (changes.Count == 0 && !Contents.HasAllOf(wanted)))
        {
            Overwrite(wanted);
        }
        else
        {
            _valueChanges = changes;
            WrittenAs(PayloadDiff.Apply(Contents, changes));
        }
    }

    /// <summary>Sets the whole value to a command's result.</summary>
    public void Overwrite(ReadOnlyMemory<byte> value) => Overwrite(_view.Merges ? Payload.Split(value, _view.Limits) : Payload.Whole(value));

    /// <summary>Sets the key's expiry. A time in the past ends it now.</summary>
    public void SetExpiry(KeyExpiry expiry)
    {
        if (!Exists)
        {
            return;
        }

        if (expiry.IdleTimeout <= TimeSpan.Zero)
        {
            Delete();
            return;
        }

        Expiry = _view.Merges ? expiry.AsIdleTimeout() : expiry;
        ExpiresAt = Expiry.Deadline ?? Now + Expiry.IdleTimeout;
        _newExpiry = Expiry;
    }

    public void Delete()
    {
        WasDeleted = _knowsThereIsNone = true;
        _isReplaced = Loaded is not null;
        IsLateWrite = false;
        WasWritten = false;
        Exists = false;
        _valueChanges = null;
        _changedFields = null;
        _fields = null;
        _payload = RememberedRead.Nothing.Payload;
        _joined = null;
        _newExpiry = null;
        Expiry = KeyExpiry.None;
        ExpiresAt = Now + Expiry.IdleTimeout;
        _read = Remembered = null;
    }

    /// <summary>Sets a field, and creates the hash if the key does not exist. Returns false if the field existed.</summary>
    public bool SetField(string name, ReadOnlyMemory<byte> value)
    {
        byte[] bytes = value.ToArray();
        bool isNew = Fields.Set(new EntryName(name), bytes, EntryFormat.Bytes, version: 0);
        (_changedFields ??= new(StringComparer.Ordinal))[name] = bytes;
        _payload = _payload with { Shape = SessionShape.Hash };
        _joined = null;
        Exists = true;
        return isNew;
    }

    /// <summary>Removes a field, and the key with its last field. Returns false if the field did not exist.</summary>
    public bool RemoveField(string name)
    {
        if (!Fields.Remove(new EntryName(name)))
        {
            return false;
        }

        (_changedFields ??= new(StringComparer.Ordinal))[name] = null;
        _joined = null;
        if (Fields.Count == 0)
        {
            Delete();
        }

        return true;
    }

    public SessionEntry? FindField(string name) => Fields.TryFind(new EntryName(name), out SessionEntry? entry) ? entry : null;

    /// <summary>Whether a hash that exists keeps its other fields.</summary>
    public bool OnlyFieldsChange => Loaded is { Shape: SessionShape.Hash } && !_isReplaced && _changedFields is not null;

    /// <summary>Returns the changes to commit; empty: no commit is needed.</summary>
    public List<SessionChange> Changes()
    {
        List<SessionChange> changes = [];
        if (!HasContentChanges && (_newExpiry is null || IsRefreshed))
        {
            return changes;
        }

        if (_isReplaced)
        {
            changes.Add(SessionChange.Clear());
        }

        changes.AddRange(_valueChanges ?? []);
        if (_changedFields is not null)
        {
            FieldChanges.AddTo(changes, _changedFields, isNewHash: _isReplaced || Loaded?.Shape != SessionShape.Hash);
        }

        if (_newExpiry is { } expiry)
        {
            changes.Add(expiry.ToChange());
        }
        else if (WasDeleted)
        {
            changes.Add(KeyExpiry.None.ToChange());
        }
        else if (!_view.Merges)
        {
            changes.Add(SessionChange.KeepDeadline());
        }

        return changes;
    }

    private SessionContent<SessionEntry> Fields => _fields ??= new SessionContent<SessionEntry>(_payload.Entries);

    private void Overwrite(Payload wanted)
    {
        _isReplaced = Loaded is not null;
        _valueChanges = [.. PayloadDiff.Replace(wanted)];
        WrittenAs(wanted);
    }

    private void WrittenAs(Payload contents)
    {
        WasWritten = true;
        Exists = true;
        _changedFields = null;
        _fields = null;
        _payload = contents;
        _joined = null;
        _read = Remembered = null;
    }
}
