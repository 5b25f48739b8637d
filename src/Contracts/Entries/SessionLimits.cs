namespace OrleansSessions.Contracts;

/// <summary>How large a session may become. Enforced by the session's grain.</summary>
public sealed class SessionLimits
{
    /// <summary>The UTF-8 bytes of all names and the bytes of all values together. Default: 1 MiB.</summary>
    public int MaxBytes { get; set; } = 1024 * 1024;

    /// <summary>The number of entries. Default: 1,000.</summary>
    public int MaxEntries { get; set; } = 1_000;

    /// <summary>The UTF-8 bytes of an entry's name. Default: 256.</summary>
    public int MaxNameBytes { get; set; } = 256;
}
