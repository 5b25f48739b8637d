namespace OrleansSessions.Resp.Protocol.Replies;

/// <summary>An error: <c>-ERR syntax error</c>. A character of the text is a byte (Latin-1), so that it can quote any; line breaks become spaces.</summary>
internal sealed record ErrorReply(string Text) : Reply;
