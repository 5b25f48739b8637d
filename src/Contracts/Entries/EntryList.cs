using System.Collections.Immutable;

namespace OrleansSessions.Contracts;

/// <summary>Looks for entries by name, one by one: for a few lookups in content that nobody changes.</summary>
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
