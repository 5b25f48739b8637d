namespace OrleansSessions.Resp.Protocol;

/// <summary>What a client sent is not RESP, or more than is accepted. The message begins with Redis' own text; the connection can't go on.</summary>
internal sealed class RespProtocolException(string message) : Exception("Protocol error: " + message)
{
    /// <summary>Whether it is a command like others, only larger than an option allows.</summary>
    public bool IsOverLimit { get; init; }
}
