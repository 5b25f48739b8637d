using Microsoft.AspNetCore.Http;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>The typed API, and the way to what <see cref="ISession"/> does not have.</summary>
public static class OrleansSessionExtensions
{
    /// <summary>The request's session with everything it can do.</summary>
    /// <exception cref="InvalidOperationException">The request has no session, or one of another library.</exception>
    public static IOrleansSession GetOrleansSession(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Require(context.Session);
    }

    /// <summary>
    /// Reads an entry that <see cref="Set"/> or <see cref="IOrleansSession.IncrementAsync"/> wrote, or PHP: a scalar or an array. The type's default if there is none.
    /// </summary>
    /// <exception cref="SessionEntryException">The entry is something else, such as a PHP object.</exception>
    public static T? Get<T>(this ISession session, string key)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Require(session).GetEntry(key) is { } entry ? SessionJson.Read<T>(entry) : default;
    }

    /// <summary>Writes an entry as JSON (System.Text.Json, web defaults). Stored with the next commit.</summary>
    public static void Set<T>(this ISession session, string key, T value)
    {
        ArgumentNullException.ThrowIfNull(session);
        Require(session).SetEntry(key, SessionJson.Write(value), EntryFormat.Json);
    }

    private static IOrleansSession Require(ISession session) => session as IOrleansSession
        ?? throw new InvalidOperationException(
            $"The session is a {session.GetType().Name}, not one of OrleansSessions: call services.AddOrleansSessions() and app.UseOrleansSessions().");
}
