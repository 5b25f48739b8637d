using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Keys;

/// <summary>What a key of the Redis protocol stands for.</summary>
/// <param name="Key">The session.</param>
/// <param name="Namespace">The namespace that <paramref name="Key"/> was derived in.</param>
/// <param name="Merges">Whether a write is the difference to what the connection has read; otherwise it is Redis'.</param>
/// <param name="IsLock">Whether the key is that session's lock, and not the session itself.</param>
/// <param name="Name">The key as the client wrote it. It contains the token: never log it.</param>
/// <param name="Database">The database that the client has selected.</param>
internal readonly record struct SessionAddress(SessionKey Key, string Namespace, bool Merges, bool IsLock, ReadOnlyMemory<byte> Name, int Database)
{
    /// <summary>Whether both stand for the same.</summary>
    public bool IsSameAs(SessionAddress other) => Key == other.Key && IsLock == other.IsLock;

    /// <summary>Without the name.</summary>
    public override string ToString() => $"{Key.Short}{(IsLock ? " (lock)" : "")}";
}
