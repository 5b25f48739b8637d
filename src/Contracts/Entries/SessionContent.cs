using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace OrleansSessions.Contracts;

/// <summary>
/// Mutable content of a session: entries in the order in which they were first set, and their shape. Pure: the source stays unchanged.
/// </summary>
/// <typeparam name="TEntry">The representation of an entry.</typeparam>
internal sealed class SessionContent<TEntry>
    where TEntry : IContentEntry<TEntry>
{
    // For few entries, or few lookups, a linear search is faster than building an index.
    private const int EntriesWithoutIndex = 16;
    private const int LookupsWithoutIndex = 4;

    private readonly ImmutableArray<TEntry> _original;

    /// <summary>The entries after the first change.</summary>
    private List<TEntry>? _changed;

    private Dictionary<string, int>? _index;

    /// <summary>Positions in <see cref="_changed"/> of removed entries. Used only with an index: without one, later entries move up.</summary>
    private HashSet<int>? _removed;

    private int _lookups;

    public SessionContent(ImmutableArray<TEntry> entries, SessionShape shape = SessionShape.Entries) => (_original, Shape) = (entries, shape);

    /// <summary>Takes ownership of the list.</summary>
    public SessionContent(List<TEntry> entries, SessionShape shape) => (_changed, Shape) = (entries, shape);

    public SessionShape Shape { get; set; }

    public int Count => _changed is null ? _original.Length : _changed.Count - (_removed?.Count ?? 0);

    /// <summary>The entries, valid until the next change.</summary>
    public ReadOnlySpan<TEntry> Entries
    {
        get
        {
            Compact();
            return Span;
        }
    }

    /// <summary>All positions, including those of removed entries.</summary>
    private ReadOnlySpan<TEntry> Span => _changed is null ? _original.AsSpan() : CollectionsMarshal.AsSpan(_changed);

    private List<TEntry> Changed => _changed ??= [.. _original];

    public ImmutableArray<TEntry> ToImmutable() => _changed is null ? _original : [.. Entries];

    public bool TryFind(EntryName name, [MaybeNullWhen(false)] out TEntry entry)
    {
        int place = Find(name);
        entry = place < 0 ? default : Span[place];
        return place >= 0;
    }

    /// <summary>Sets an entry unconditionally. Returns false if it existed; it then keeps its position.</summary>
    public bool Set(EntryName name, byte[] value, EntryFormat format, long version) => Put(Find(name), name, TEntry.Create(name, value, format, version));

    /// <summary>Sets an entry if it has the expected version; 0: if it does not exist.</summary>
    public bool TrySetIfVersion(EntryName name, byte[] value, EntryFormat format, long version, long expectedVersion)
    {
        int place = Find(name);
        if ((place < 0 ? 0 : Span[place].Version) != expectedVersion)
        {
            return false;
        }

        Put(place, name, TEntry.Create(name, value, format, version));
        return true;
    }

    /// <summary>Adds to a number. A missing entry counts as 0; an existing one keeps its format.</summary>
    public bool TryAdd(EntryName name, long addend, EntryFormat formatIfNew, long version, out long sum)
    {
        sum = 0;
        long number = 0;
        int place = Find(name);
        EntryFormat format = place < 0 ? formatIfNew : Span[place].Format;
        if ((place >= 0 && !EntryNumber.TryRead(Span[place].Data, format, out number)) || !CanonicalInteger.TryAdd(number, addend, out sum))
        {
            return false;
        }

        Put(place, name, TEntry.Create(name, EntryNumber.Write(sum, format), format, version));
        return true;
    }

    /// <summary>Sets an entry to a known number. An existing entry keeps its format.</summary>
    public void SetNumber(EntryName name, long number, EntryFormat formatIfNew, long version)
    {
        int place = Find(name);
        EntryFormat format = place < 0 ? formatIfNew : Span[place].Format;
        Put(place, name, TEntry.Create(name, EntryNumber.Write(number, format), format, version));
    }

    /// <summary>Removes an entry. Returns false if it did not exist.</summary>
    public bool Remove(EntryName name)
    {
        int place = Find(name);
        if (place < 0)
        {
            return false;
        }

        if (_index is null)
        {
            Changed.RemoveAt(place);
        }
        else
        {
            _index.Remove(name.Text);
            (_removed ??= []).Add(place);
            _ = Changed;
        }

        return true;
    }

    public void Clear()
    {
        (_changed, _index, _removed, _lookups) = ([], null, null, 0);
    }

    private bool Put(int place, EntryName name, TEntry entry)
    {
        if (place >= 0)
        {
            Changed[place] = entry;
            return false;
        }

        _index?.Add(name.Text, Changed.Count);
        Changed.Add(entry);
        return true;
    }

    /// <summary>Returns the position of an entry; negative: not found.</summary>
    private int Find(EntryName name)
    {
        ReadOnlySpan<TEntry> entries = Span;
        if (entries.Length > EntriesWithoutIndex && TryGetIndex(entries) is { } index)
        {
            return index.TryGetValue(name.Text, out int place) ? place : -1;
        }

        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].IsNamed(name))
            {
                return i;
            }
        }

        return -1;
    }

    private Dictionary<string, int>? TryGetIndex(ReadOnlySpan<TEntry> entries)
    {
        if (_index is null && entries[0].IndexKey is not null && ++_lookups > LookupsWithoutIndex)
        {
            _index = new Dictionary<string, int>(entries.Length, StringComparer.Ordinal);
            for (int i = 0; i < entries.Length; i++)
            {
                _index[entries[i].IndexKey!] = i;
            }
        }

        return _index;
    }

    private void Compact()
    {
        if (_removed is not null && _changed is not null)
        {
            _changed = [.. _changed.Where((_, place) => !_removed.Contains(place))];
            (_index, _removed, _lookups) = (null, null, 0);
        }
    }
}
