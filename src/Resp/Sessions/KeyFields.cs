using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Sessions;

/// <summary>Entries that can be found, set and removed by name, each in the same time however many there are. They keep their order.</summary>
internal sealed class KeyFields
{
    private readonly Dictionary<string, LinkedListNode<SessionEntry>> _nodes = new(StringComparer.Ordinal);
    private readonly LinkedList<SessionEntry> _entries = [];

    public KeyFields(ImmutableArray<SessionEntry> entries)
    {
        foreach (SessionEntry entry in entries)
        {
            Set(entry);
        }
    }

    public int Count => _entries.Count;

    public SessionEntry? Find(string name) => _nodes.TryGetValue(name, out LinkedListNode<SessionEntry>? node) ? node.Value : null;

    /// <summary>False: it was there before, and keeps its place.</summary>
    public bool Set(SessionEntry entry)
    {
        if (_nodes.TryGetValue(entry.Name, out LinkedListNode<SessionEntry>? node))
        {
            node.Value = entry;
            return false;
        }

        _nodes[entry.Name] = _entries.AddLast(entry);
        return true;
    }

    public bool Remove(string name)
    {
        if (!_nodes.Remove(name, out LinkedListNode<SessionEntry>? node))
        {
            return false;
        }

        _entries.Remove(node);
        return true;
    }

    public ImmutableArray<SessionEntry> ToEntries() => [.. _entries];
}
