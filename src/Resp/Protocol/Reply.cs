using System.Text;

namespace OrleansSessions.Resp.Protocol;

/// <summary>Reply to a command, independent of the protocol version.</summary>
internal abstract record Reply
{
    public static readonly Reply Ok = new SimpleStringReply("OK");
    public static readonly Reply Pong = new SimpleStringReply("PONG");
    public static readonly Reply Queued = new SimpleStringReply("QUEUED");
    public static readonly Reply Null = new NullReply();
    public static readonly Reply NullArray = new NullArrayReply();
    public static readonly Reply Zero = new IntegerReply(0);
    public static readonly Reply One = new IntegerReply(1);
    public static readonly Reply EmptyArray = new ArrayReply([]);
    public static readonly Reply SyntaxError = new ErrorReply("ERR syntax error");
    public static readonly Reply NotAnInteger = new ErrorReply("ERR value is not an integer or out of range");
    public static readonly Reply WrongType = new ErrorReply("WRONGTYPE Operation against a key holding the wrong kind of value");

    /// <summary>Maximum bytes of values in one reply: 64 MiB. Larger ones become <see cref="TooLong"/>.</summary>
    public const long MaxBytes = 64L * 1024 * 1024;

    public static readonly Reply TooLong = new ErrorReply($"ERR the reply would exceed {MaxBytes} bytes; request less at once");

    /// <summary>Approximate overhead of a value in bytes: a million small values use much memory, too.</summary>
    protected const int FrameBytes = 32;

    /// <summary>Approximate bytes of its values.</summary>
    public virtual long Bytes => 0;

    /// <summary>Creates an error; the text starts with its code, for example <c>ERR</c>.</summary>
    public static Reply Error(string text) => new ErrorReply(text);

    /// <summary>Redis' error for too few or too many arguments.</summary>
    public static Reply WrongNumberOfArguments(string command) =>
        new ErrorReply($"ERR wrong number of arguments for '{command.ToLowerInvariant()}' command");

    public static Reply Integer(long value) => value switch
    {
        0 => Zero,
        1 => One,
        _ => new IntegerReply(value),
    };

    public static Reply Bulk(ReadOnlyMemory<byte> value) => new BulkReply(value);

    public static Reply Bulk(string text) => new BulkReply(Encoding.UTF8.GetBytes(text));

    public static Reply Array(params IReadOnlyList<Reply> items) => new ArrayReply(items);

    public static Reply Map(params IReadOnlyList<KeyValuePair<Reply, Reply>> pairs) => new MapReply(pairs);
}
