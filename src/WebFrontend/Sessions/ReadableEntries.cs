using OrleansSessions.AspNetCore;

namespace OrleansSessions.WebFrontend.Sessions;

/// <summary>Tolerant reader of entries: the API stores any text under any name, and no page may fail because of that.</summary>
internal static class ReadableEntries
{
    /// <summary>Reads a JSON entry. An entry that is not valid JSON of this type is removed and counts as absent.</summary>
    public static T? GetOrRemove<T>(this IOrleansSession session, string name)
    {
        try
        {
            return session.Get<T>(name);
        }
        catch (SessionEntryException)
        {
            session.Remove(name);
            return default;
        }
    }
}
