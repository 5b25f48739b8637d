namespace OrleansSessions.Resp.Protocol.Replies;

/// <summary>Bytes of any kind: <c>$3 abc</c>.</summary>
internal sealed record BulkReply(ReadOnlyMemory<byte> Value) : Reply
{
    public override long Bytes => Value.Length;
}
