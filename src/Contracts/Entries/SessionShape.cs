namespace OrleansSessions.Contracts;

/// <summary>
/// Shape of a session: how its entries form the value that a Redis client stores under the session's key. Callers of <see cref="ISessionGrain"/> that use only
/// entries can ignore it.
/// </summary>
[GenerateSerializer, Alias("session.shape")]
public enum SessionShape : byte
{
    /// <summary>The session was written entry by entry, never as a whole.</summary>
    Entries = 0,

    /// <summary>PHP's <c>php</c> serialize handler: each entry is a session variable.</summary>
    Php = 1,

    /// <summary>PHP's <c>php_serialize</c> handler: each entry is an element of one array.</summary>
    PhpSerialize = 2,

    /// <summary>One opaque value, in one entry.</summary>
    Blob = 3,

    /// <summary>A Redis hash: each entry is a field.</summary>
    Hash = 4,
}
