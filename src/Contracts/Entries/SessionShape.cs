namespace OrleansSessions.Contracts;

/// <summary>
/// How a session's entries make up the value that a client of the Redis protocol stores under the session's key. Callers of <see cref="ISessionGrain"/> that
/// use entries only can ignore it.
/// </summary>
[GenerateSerializer, Alias("session.shape")]
public enum SessionShape : byte
{
    /// <summary>It has been written entry by entry, and never as a whole.</summary>
    Entries = 0,

    /// <summary>PHP's <c>php</c> serialize handler: each entry is a session variable.</summary>
    Php = 1,

    /// <summary>PHP's <c>php_serialize</c> handler: each entry is an element of one array.</summary>
    PhpSerialize = 2,

    /// <summary>A value that is kept as it came, in one entry.</summary>
    Blob = 3,

    /// <summary>A Redis hash: each entry is a field.</summary>
    Hash = 4,
}
