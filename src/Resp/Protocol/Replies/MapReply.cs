namespace OrleansSessions.Resp.Protocol.Replies;

/// <summary>Names and values: RESP3 <c>%1</c>, RESP2 a flat array.</summary>
internal sealed record MapReply(IReadOnlyList<KeyValuePair<Reply, Reply>> Pairs) : Reply
{
    public override long Bytes => Pairs.Sum(static pair => pair.Key.Bytes + pair.Value.Bytes + (2 * FrameBytes));

    /// <summary>Each name, and its value after it.</summary>
    public IEnumerable<Reply> Parts => Pairs.SelectMany(static pair => (Reply[])[pair.Key, pair.Value]);
}
