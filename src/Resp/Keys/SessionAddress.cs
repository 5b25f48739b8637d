using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Keys;

/// <summary>What a key of the Redis protocol stands for.</summary>
/// <param name="Key">The session.</param>
/// <param name="Namespace">The namespace that <paramref name="Key"/> was derived in.</param>
/// <param name="IsLock">Whether the key is that session's lock, and not the session itself.</param>
internal readonly record struct SessionAddress(SessionKey Key, string Namespace, bool IsLock);
