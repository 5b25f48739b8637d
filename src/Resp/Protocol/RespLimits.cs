namespace OrleansSessions.Resp.Protocol;

/// <summary>Size limits of a command; above them the connection is closed.</summary>
internal sealed record RespLimits
{
    /// <summary>Maximum length of a line: an inline command, or the header of an array or bulk string. Redis' limit.</summary>
    public const int MaxLineBytes = 64 * 1024;

    /// <summary>Maximum bytes of an oversized command that are read and dropped, so that its client can read the error: the longest value that Redis accepts.</summary>
    public const long MaxSkippedBytes = 512L * 1024 * 1024;

    /// <summary>Maximum number of strings in such a command. Redis' limit.</summary>
    public const int MaxSkippedArguments = 1024 * 1024;

    /// <summary>Limits before authentication. Redis' own.</summary>
    public static readonly RespLimits Unauthenticated = new() { MaxArguments = 10, MaxBulkBytes = 16 * 1024, IsAuthenticated = false };

    /// <summary>Maximum number of strings in one command, including its name.</summary>
    public required int MaxArguments { get; init; }

    /// <summary>Maximum length of a bulk string.</summary>
    public required int MaxBulkBytes { get; init; }

    /// <summary>Selects which of Redis' two texts refuses an oversized command.</summary>
    public bool IsAuthenticated { get; init; } = true;

    /// <summary>Maximum bytes of all strings in one command: one of the largest, and as much in small ones.</summary>
    public long MaxCommandBytes => 2L * MaxBulkBytes;
}
