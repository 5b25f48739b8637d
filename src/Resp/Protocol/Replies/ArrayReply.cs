namespace OrleansSessions.Resp.Protocol.Replies;

/// <summary>Replies in a row: <c>*2</c>.</summary>
internal sealed record ArrayReply(IReadOnlyList<Reply> Items) : Reply
{
    public override long Bytes => Items.Sum(static item => item.Bytes + FrameBytes);
}
