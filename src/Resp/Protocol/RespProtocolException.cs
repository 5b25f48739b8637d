namespace OrleansSessions.Resp.Protocol;

/// <summary>Protocol error: the client sent invalid RESP or exceeded a limit. The message begins with Redis' own text. The connection must be closed.</summary>
internal sealed class RespProtocolException(string message) : Exception("Protocol error: " + message)
{
    /// <summary>Whether the command is valid but exceeds an option's limit.</summary>
    public bool IsOverLimit { get; init; }
}
