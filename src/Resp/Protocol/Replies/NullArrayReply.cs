namespace OrleansSessions.Resp.Protocol.Replies;

/// <summary>No array: RESP2 <c>*-1</c>, RESP3 <c>_</c>.</summary>
internal sealed record NullArrayReply : Reply;
