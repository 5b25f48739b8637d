namespace OrleansSessions.Resp.Protocol.Replies;

/// <summary>A short text without line breaks: <c>+OK</c>.</summary>
internal sealed record SimpleStringReply(string Text) : Reply;
