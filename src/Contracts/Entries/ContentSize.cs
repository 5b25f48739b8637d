namespace OrleansSessions.Contracts;

/// <summary>Size of a session's content, as counted by <see cref="SessionLimits"/>.</summary>
/// <param name="Count">The number of entries.</param>
/// <param name="Bytes">The bytes of their names and values.</param>
internal readonly record struct ContentSize(int Count, long Bytes)
{
    public static ContentSize Of<TEntry>(SessionContent<TEntry> content)
        where TEntry : IContentEntry<TEntry>
    {
        long bytes = 0;
        foreach (ref readonly TEntry entry in content.Entries)
        {
            bytes += entry.Size;
        }

        return new ContentSize(content.Count, bytes);
    }
}
