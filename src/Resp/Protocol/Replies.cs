namespace OrleansSessions.Resp.Protocol;

/// <summary>Number: <c>:1</c>.</summary>
internal sealed record IntegerReply(long Value) : Reply;

/// <summary>Short text without line breaks: <c>+OK</c>.</summary>
internal sealed record SimpleStringReply(string Text) : Reply;

/// <summary>Binary value: <c>$3 abc</c>.</summary>
internal sealed record BulkReply(ReadOnlyMemory<byte> Value) : Reply
{
    public override long Bytes => Value.Length;
}

/// <summary>Human-readable text: RESP3 <c>=7 txt:abc</c>, RESP2 a bulk string.</summary>
internal sealed record VerbatimReply(string Text) : Reply;

/// <summary>Error: <c>-ERR syntax error</c>. One character per byte (Latin-1), so that it can quote any bytes; line breaks become spaces.</summary>
internal sealed record ErrorReply(string Text) : Reply;

/// <summary>Null: RESP2 <c>$-1</c>, RESP3 <c>_</c>.</summary>
internal sealed record NullReply : Reply;

/// <summary>Null array: RESP2 <c>*-1</c>, RESP3 <c>_</c>.</summary>
internal sealed record NullArrayReply : Reply;

/// <summary>Array of replies: <c>*2</c>.</summary>
internal sealed record ArrayReply(IReadOnlyList<Reply> Items) : Reply
{
    public override long Bytes => Items.Sum(static item => item.Bytes + FrameBytes);
}

/// <summary>Map of names and values: RESP3 <c>%1</c>, RESP2 a flat array.</summary>
internal sealed record MapReply(IReadOnlyList<KeyValuePair<Reply, Reply>> Pairs) : Reply
{
    public override long Bytes => Pairs.Sum(static pair => pair.Key.Bytes + pair.Value.Bytes + (2 * FrameBytes));

    /// <summary>Each name, followed by its value.</summary>
    public IEnumerable<Reply> Parts => Pairs.SelectMany(static pair => (Reply[])[pair.Key, pair.Value]);
}

/// <summary>Out-of-band message: RESP3 <c>&gt;3</c>, RESP2 an array.</summary>
internal sealed record PushReply(IReadOnlyList<Reply> Items) : Reply;

/// <summary>Sequence of replies to one command.</summary>
internal sealed record ReplySequence(IReadOnlyList<Reply> Items) : Reply;
