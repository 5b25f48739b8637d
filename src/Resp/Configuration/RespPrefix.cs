namespace OrleansSessions.Resp.Configuration;

/// <summary>A prefix of keys that hold a session's token, and what a write under it is.</summary>
public sealed class RespPrefix
{
    /// <summary>What the keys begin with. It is the namespace of their sessions.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>
    /// Whether a write is the difference to what the same connection read last, so that parallel requests do not overwrite each other's changes: for clients that
    /// read and write a session over one connection which serves nobody else meanwhile, as PHP's do. False: a write is Redis', the last one wins.
    /// Null, the default: true for <c>PHPREDIS_SESSION:</c>, false for all others.
    /// </summary>
    public bool? Merge { get; set; }

    internal bool Merges => Merge ?? Prefix == RespOptions.DefaultPrefix;
}
