namespace OrleansSessions.Resp.Configuration;

/// <summary>Key prefix that is followed by a session's token, and the meaning of writes under it.</summary>
public sealed class RespPrefix
{
    /// <summary>The prefix of the keys. It is the namespace of their sessions.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>
    /// Whether a write is the difference to what the same connection last read, so that parallel requests do not overwrite each other's changes. For clients that
    /// read and write a session over one connection that serves no other request meanwhile, as PHP's do. False: the last write wins, as in Redis.
    /// Default: null, which means true for <c>PHPREDIS_SESSION:</c> and false for all others.
    /// </summary>
    public bool? Merge { get; set; }

    internal bool Merges => Merge ?? Prefix == RespOptions.DefaultPrefix;
}
