using OrleansSessions.AspNetCore;

namespace OrleansSessions.WebFrontend.Sessions;

/// <summary>Reads entries that anybody may have written: the API stores any text under any name, and no page may fail because of that.</summary>
internal static class ReadableEntries
{
    /// <summary>Reads a JSON entry. One that is something else is removed and counts as absent.</summary>
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
