using Microsoft.AspNetCore.Http;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Typed access to entries, and access to <see cref="IOrleansSession"/>.</summary>
public static class OrleansSessionExtensions
{
    /// <summary>Returns the request's session with all its features.</summary>
    /// <exception cref="InvalidOperationException">The request has no session, or another library's.</exception>
    public static IOrleansSession GetOrleansSession(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Require(context.Session);
    }

    /// <summary>
    /// Reads an entry written by <see cref="Set"/>, by <see cref="IOrleansSession.IncrementAsync"/>, or by PHP (a scalar or an array). Returns the type's default if
    /// it does not exist.
    /// </summary>
    /// <exception cref="SessionEntryException">The entry has another type, such as a PHP object.</exception>
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
