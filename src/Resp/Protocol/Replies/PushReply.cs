namespace OrleansSessions.Resp.Protocol.Replies;

/// <summary>A message out of turn: RESP3 <c>&gt;3</c>, RESP2 an array.</summary>
internal sealed record PushReply(IReadOnlyList<Reply> Items) : Reply;
