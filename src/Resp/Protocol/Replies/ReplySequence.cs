namespace OrleansSessions.Resp.Protocol.Replies;

/// <summary>Several replies to one command, written one after the other.</summary>
internal sealed record ReplySequence(IReadOnlyList<Reply> Items) : Reply;
