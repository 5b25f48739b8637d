namespace OrleansSessions.Resp.Protocol;

/// <summary>How large a command may be before the connection is given up.</summary>
internal sealed record RespLimits
{
    /// <summary>The longest line: an inline command, or the header of an array or a bulk string. Redis' own bound.</summary>
    public const int MaxLineBytes = 64 * 1024;

    /// <summary>The most bytes of a command that are read and dropped, so that its client gets to read the refusal: the longest value that Redis itself takes.</summary>
    public const long MaxSkippedBytes = 512L * 1024 * 1024;

    /// <summary>The most strings of such a command. Redis' own bound.</summary>
    public const int MaxSkippedArguments = 1024 * 1024;

    /// <summary>What a client may send before it has authenticated. Redis' own bounds.</summary>
    public static readonly RespLimits Unauthenticated = new() { MaxArguments = 10, MaxBulkBytes = 16 * 1024, IsAuthenticated = false };

    /// <summary>The most strings in one command, its name included.</summary>
    public required int MaxArguments { get; init; }

    /// <summary>The longest bulk string.</summary>
    public required int MaxBulkBytes { get; init; }

    /// <summary>Which of Redis' two texts an oversized command is refused with.</summary>
    public bool IsAuthenticated { get; init; } = true;

    /// <summary>The most bytes of all strings of one command: room for one of the largest and for as much in small ones.</summary>
    public long MaxCommandBytes => 2L * MaxBulkBytes;
}
