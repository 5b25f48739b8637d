namespace OrleansSessions.Resp.Protocol;

/// <summary>What a client sent is not RESP, or more than is accepted. The message is Redis' own text; the connection can't go on.</summary>
internal sealed class RespProtocolException(string message) : Exception("Protocol error: " + message);
