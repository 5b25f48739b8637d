namespace OrleansSessions.Resp.Protocol;

/// <summary>The client sent invalid RESP, or exceeded a limit. The message begins with Redis' own text. The connection must be closed.</summary>
internal sealed class RespProtocolException(string message) : Exception("Protocol error: " + message)
{
    /// <summary>Whether it is a command like others, only larger than an option allows.</summary>
    public bool IsOverLimit { get; init; }
}
