namespace OrleansSessions.Resp.Protocol.Replies;

/// <summary>A text for people: RESP3 <c>=7 txt:abc</c>, RESP2 a bulk string.</summary>
internal sealed record VerbatimReply(string Text) : Reply;
