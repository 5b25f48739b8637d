namespace OrleansSessions.Resp.Protocol.Replies;

/// <summary>No value: RESP2 <c>$-1</c>, RESP3 <c>_</c>.</summary>
internal sealed record NullReply : Reply;
