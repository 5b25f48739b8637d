namespace OrleansSessions.Resp.Protocol;

/// <summary>A number: <c>:1</c>.</summary>
internal sealed record IntegerReply(long Value) : Reply;

/// <summary>A short text without line breaks: <c>+OK</c>.</summary>
internal sealed record SimpleStringReply(string Text) : Reply;

/// <summary>Bytes of any kind: <c>$3 abc</c>.</summary>
internal sealed record BulkReply(ReadOnlyMemory<byte> Value) : Reply
{
    public override long Bytes => Value.Length;
}

/// <summary>A text for people: RESP3 <c>=7 txt:abc</c>, RESP2 a bulk string.</summary>
internal sealed record VerbatimReply(string Text) : Reply;

/// <summary>An error: <c>-ERR syntax error</c>. A character of the text is a byte (Latin-1), so that it can quote any; line breaks become spaces.</summary>
internal sealed record ErrorReply(string Text) : Reply;

/// <summary>No value: RESP2 <c>$-1</c>, RESP3 <c>_</c>.</summary>
internal sealed record NullReply : Reply;

/// <summary>No array: RESP2 <c>*-1</c>, RESP3 <c>_</c>.</summary>
internal sealed record NullArrayReply : Reply;

/// <summary>Replies in a row: <c>*2</c>.</summary>
internal sealed record ArrayReply(IReadOnlyList<Reply> Items) : Reply
{
    public override long Bytes => Items.Sum(static item => item.Bytes + FrameBytes);
}

/// <summary>Names and values: RESP3 <c>%1</c>, RESP2 a flat array.</summary>
internal sealed record MapReply(IReadOnlyList<KeyValuePair<Reply, Reply>> Pairs) : Reply
{
    public override long Bytes => Pairs.Sum(static pair => pair.Key.Bytes + pair.Value.Bytes + (2 * FrameBytes));

    /// <summary>Each name, and its value after it.</summary>
    public IEnumerable<Reply> Parts => Pairs.SelectMany(static pair => (Reply[])[pair.Key, pair.Value]);
}

/// <summary>A message out of turn: RESP3 <c>&gt;3</c>, RESP2 an array.</summary>
internal sealed record PushReply(IReadOnlyList<Reply> Items) : Reply;

/// <summary>Several replies to one command, written one after the other.</summary>
internal sealed record ReplySequence(IReadOnlyList<Reply> Items) : Reply;
