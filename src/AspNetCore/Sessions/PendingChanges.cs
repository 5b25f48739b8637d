using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Uncommitted changes of a request, on top of the entries that it loaded.</summary>
internal sealed class PendingChanges
{
    private List<SessionChange>? _changes;

    /// <summary>The entries as seen by the request; null: no changes.</summary>
    private SessionContent<SessionEntry>? _view;

    public bool Any => _changes is { Count: > 0 } || IdleTimeout is not null;

    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>Returns a list that later changes of the request do not affect.</summary>
    public ImmutableArray<SessionEntry> View(ImmutableArray<SessionEntry> loaded) => _view?.ToImmutable() ?? loaded;

    public SessionEntry? Find(ImmutableArray<SessionEntry> loaded, string key)
    {
        if (_view is null)
        {
            return loaded.Find(key);
        }

        return _view.TryFind(new EntryName(key), out SessionEntry? entry) ? entry : null;
    }

    public void Set(ImmutableArray<SessionEntry> loaded, string key, byte[] value, EntryFormat format)
    {
        Supersede(key);
        Add(loaded, SessionChange.Set(key, value, format));
    }

    public void Remove(ImmutableArray<SessionEntry> loaded, string key)
    {
        if (Find(loaded, key) is null)
        {
            return;
        }

        Supersede(key);
        Add(loaded, SessionChange.Remove(key));
    }

    public void Clear(ImmutableArray<SessionEntry> loaded)
    {
        if ((_view?.Count ?? loaded.Length) == 0)
        {
            return;
        }

        _changes?.Clear();
        Add(loaded, SessionChange.Clear());
    }

    /// <summary>Returns the changes to commit. Empty for a new session if they leave nothing to store.</summary>
    public ImmutableArray<SessionChange> ToCommit(bool sessionExists)
    {
        IEnumerable<SessionChange> changes = _changes ?? Enumerable.Empty<SessionChange>();
        if (!sessionExists)
        {
            return [.. changes.Where(static change => change.Kind == SessionChangeKind.Set)];
        }

        return IdleTimeout is { } idle ? [.. changes, SessionChange.SetIdleTimeout(idle)] : [.. changes];
    }

    public void Reset()
    {
        _changes?.Clear();
        _view = null;
        IdleTimeout = null;
    }

    /// <summary>Drops earlier changes of an entry: only the last one counts.</summary>
    private void Supersede(string key) => _changes?.RemoveAll(change =>
        change.Kind is SessionChangeKind.Set or SessionChangeKind.Remove && string.Equals(change.Name, key, StringComparison.Ordinal));

    private void Add(ImmutableArray<SessionEntry> loaded, SessionChange change)
    {
        (_changes ??= []).Add(change);
        (_view ??= new SessionContent<SessionEntry>(loaded)).Apply(change);
    }
}
