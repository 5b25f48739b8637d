using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>What a request has changed and not yet committed, laid over the entries that it loaded.</summary>
internal sealed class PendingChanges
{
    private readonly List<SessionChange> _changes = [];

    /// <summary>The entries as the request sees them; null while nothing is changed.</summary>
    private List<SessionEntry>? _view;

    private TimeSpan? _idleTimeout;

    public bool Any => _changes.Count > 0 || _idleTimeout is not null;

    public TimeSpan? IdleTimeout
    {
        get => _idleTimeout;
        set => _idleTimeout = value;
    }

    /// <summary>A list that stays as it is while the request goes on changing the session.</summary>
    public IReadOnlyList<SessionEntry> View(ImmutableArray<SessionEntry> loaded) => _view is null ? loaded : _view.ToArray();

    public SessionEntry? Find(ImmutableArray<SessionEntry> loaded, string key)
    {
        if (_view is not null)
        {
            int index = IndexOf(_view, key);
            return index < 0 ? null : _view[index];
        }

        foreach (SessionEntry entry in loaded)
        {
            if (string.Equals(entry.Name, key, StringComparison.Ordinal))
            {
                return entry;
            }
        }

        return null;
    }

    public void Set(ImmutableArray<SessionEntry> loaded, string key, byte[] value, EntryFormat format)
    {
        Supersede(key);
        _changes.Add(SessionChange.Set(key, value, format));

        List<SessionEntry> view = _view ??= [.. loaded];
        var entry = new SessionEntry { Name = key, Value = value, Format = format };
        int index = IndexOf(view, key);
        if (index < 0)
        {
            view.Add(entry);
        }
        else
        {
            view[index] = entry;
        }
    }

    public void Remove(ImmutableArray<SessionEntry> loaded, string key)
    {
        if (Find(loaded, key) is null)
        {
            return;
        }

        Supersede(key);
        _changes.Add(SessionChange.Remove(key));
        List<SessionEntry> view = _view ??= [.. loaded];
        view.RemoveAt(IndexOf(view, key));
    }

    public void Clear(ImmutableArray<SessionEntry> loaded)
    {
        if (View(loaded).Count == 0)
        {
            return;
        }

        _changes.Clear();
        _changes.Add(SessionChange.Clear());
        _view = [];
    }

    /// <summary>The changes of a commit. For a session that does not exist yet: nothing, if they leave nothing to store.</summary>
    public ImmutableArray<SessionChange> ToCommit(bool sessionExists)
    {
        if (!sessionExists)
        {
            return [.. _changes.Where(static change => change.Kind == SessionChangeKind.Set)];
        }

        return _idleTimeout is { } idle ? [.. _changes, SessionChange.SetIdleTimeout(idle)] : [.. _changes];
    }

    public void Reset()
    {
        _changes.Clear();
        _view = null;
        _idleTimeout = null;
    }

    /// <summary>Only the last change of an entry counts.</summary>
    private void Supersede(string key) => _changes.RemoveAll(change =>
        change.Kind is SessionChangeKind.Set or SessionChangeKind.Remove && string.Equals(change.Name, key, StringComparison.Ordinal));

    private static int IndexOf(List<SessionEntry> entries, string key) =>
        entries.FindIndex(entry => string.Equals(entry.Name, key, StringComparison.Ordinal));
}
