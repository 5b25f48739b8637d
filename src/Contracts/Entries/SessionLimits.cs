namespace OrleansSessions.Contracts;

/// <summary>Size limits of a session. Enforced by the session's grain.</summary>
public sealed class SessionLimits
{
    /// <summary>Maximum UTF-8 bytes of all names plus bytes of all values. Default: 1 MiB.</summary>
    public int MaxBytes { get; set; } = 1024 * 1024;

    /// <summary>Maximum number of entries. Default: 1,000.</summary>
    public int MaxEntries { get; set; } = 1_000;

    /// <summary>Maximum UTF-8 bytes of an entry's name. Default: 256.</summary>
    public int MaxNameBytes { get; set; } = 256;
}
