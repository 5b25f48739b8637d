namespace OrleansSessions.Resp.Protocol.Replies;

/// <summary>A number: <c>:1</c>.</summary>
internal sealed record IntegerReply(long Value) : Reply;
