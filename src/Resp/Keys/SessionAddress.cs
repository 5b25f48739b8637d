using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Keys;

/// <summary>Session or lock addressed by a Redis key.</summary>
/// <param name="Key">The session.</param>
/// <param name="Namespace">The namespace of <paramref name="Key"/>.</param>
/// <param name="Merges">Whether a write is the difference to what the connection has read; otherwise it replaces the value, as in Redis.</param>
/// <param name="IsLock">Whether the key is that session's lock rather than the session.</param>
/// <param name="Name">The key as the client wrote it. It contains the token: never log it.</param>
/// <param name="Database">The client's selected database.</param>
internal readonly record struct SessionAddress(SessionKey Key, string Namespace, bool Merges, bool IsLock, ReadOnlyMemory<byte> Name, int Database)
{
    /// <summary>Whether both address the same session or lock.</summary>
    public bool IsSameAs(SessionAddress other) => Key == other.Key && IsLock == other.IsLock;

    /// <summary>Omits the name.</summary>
    public override string ToString() => $"{Key.Short}{(IsLock ? " (lock)" : "")}";
}
