using System.Text.Json;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Php;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Users;

/// <summary>Users that sessions of the Redis protocol name by one agreed variable. User ids go no further than here.</summary>
internal sealed class PhpUsers(IOptions<RespOptions> options)
{
    private readonly Lazy<byte[]?> _secret = new(() => options.Value.ReadUserKeySecret(out _));

    /// <summary>
    /// Returns the sign-in that a write implies because it sets the variable; null: none. A write that only sets it again, in another position, implies none. The time of the
    /// authentication is unknown.
    /// </summary>
    /// <param name="changes">The changes.</param>
    /// <param name="read">The read that the client's write is based on; null: none.</param>
    public SessionSignIn? SignIn(IReadOnlyList<SessionChange> changes, RememberedRead? read)
    {
        for (int i = changes.Count - 1; i >= 0; i--)
        {
            if (changes[i] is { Kind: SessionChangeKind.Set, Format: EntryFormat.Php, Value: { } value } change && change.Name == options.Value.UserEntry)
            {
                return _secret.Value is { } secret && !WasRead(read, change) && UserIdOf(value) is { Length: > 0 } userId
                    ? new SessionSignIn { User = UserKey.For(secret, options.Value.UserNamespace, userId).Value, AuthenticatedAt = DateTimeOffset.UnixEpoch }
                    : null;
            }
        }

        return null;
    }

    /// <summary>The entry that names the user of the session that was read; null: none does.</summary>
    public SessionEntry? EntryOf(RememberedRead? read) =>
        _secret.Value is not null
        && read?.Payload.Entries.FirstOrDefault(entry => entry.Name == options.Value.UserEntry) is { Format: EntryFormat.Php } user
        && UserIdOf(user.Value) is { Length: > 0 }
            ? user
            : null;

    /// <summary>
    /// Whether a write moves a session that had ended to a new id, as <c>session_regenerate_id</c> does. It names the same user, but is not a sign-in.
    /// </summary>
    public static bool MovesEndedSession(IReadOnlyList<SessionChange> changes, RememberedRead? read, DateTimeOffset now) =>
        read is { Incarnation: null, Ended: { } ended }
        && ended.MayMove(now)
        && changes.Any(change => change.Kind == SessionChangeKind.Set && change.Name == ended.User.Name && change.Value?.AsSpan().SequenceEqual(ended.User.Value) == true);

    private static bool WasRead(RememberedRead? read, SessionChange set) =>
        read?.Payload.Entries.Any(entry => entry.Name == set.Name && entry.Value.AsSpan().SequenceEqual(set.Value)) == true;

    /// <summary>The text of a string or an integer; null: another value, which names no user.</summary>
    private static string? UserIdOf(byte[] serialized)
    {
        // A string or an integer, of PHP's types. Others may be nested too deep to parse.
        if (serialized is not [(byte)'s' or (byte)'i', ..] || !PhpValue.TryToJson(serialized, out byte[]? json))
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        JsonElement value = document.RootElement;
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number when value.TryGetInt64(out _) => value.GetRawText(),
            _ => null,
        };
    }
}
