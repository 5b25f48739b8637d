using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>Linear search for entries by name, for a few lookups in unchanging content.</summary>
internal static class EntryList
{
    public static SessionEntry? Find(this ImmutableArray<SessionEntry> entries, string name)
    {
        foreach (SessionEntry entry in entries)
        {
            if (entry.Name == name)
            {
                return entry;
            }
        }

        return null;
    }
}
