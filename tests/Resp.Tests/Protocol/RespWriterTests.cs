using System.Buffers;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Tests.Protocol;

/// <summary>The bytes of each kind of reply, as Redis 7.0 writes them.</summary>
public sealed class RespWriterTests
{
    public static TheoryData<string, string, string> Replies => new()
    {
        { "simple", "+OK\r\n", "+OK\r\n" },
        { "error", "-ERR syntax error\r\n", "-ERR syntax error\r\n" },
        { "error of two lines", "-ERR a  b\r\n", "-ERR a  b\r\n" },
        { "integer", ":-9223372036854775808\r\n", ":-9223372036854775808\r\n" },
        { "bulk", "$4\r\na\r\n\xff\r\n", "$4\r\na\r\n\xff\r\n" },
        { "empty bulk", "$0\r\n\r\n", "$0\r\n\r\n" },
        { "verbatim", "$3\r\nabc\r\n", "=7\r\ntxt:abc\r\n" },
        { "null", "$-1\r\n", "_\r\n" },
        { "null array", "*-1\r\n", "_\r\n" },
        { "empty array", "*0\r\n", "*0\r\n" },
        { "nested array", "*2\r\n*1\r\n:1\r\n$-1\r\n", "*2\r\n*1\r\n:1\r\n_\r\n" },
        { "map", "*4\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n$-1\r\n", "%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n_\r\n" },
        { "push", "*2\r\n$1\r\na\r\n:1\r\n", ">2\r\n$1\r\na\r\n:1\r\n" },
        { "several", "+OK\r\n:0\r\n", "+OK\r\n:0\r\n" },
    };

    [Theory]
    [MemberData(nameof(Replies))]
    public void Write_EachKind_HasRedisBytes(string kind, string resp2, string resp3)
    {
        Assert.Equal(resp2, Write(Example(kind), RespWriter.Resp2));
        Assert.Equal(resp3, Write(Example(kind), RespWriter.Resp3));
    }

    [Fact]
    public void Write_LargeValueInSmallPieces_IsWhole()
    {
        byte[] value = [.. Enumerable.Range(0, 300_000).Select(static i => (byte)i)];
        string written = Write(Reply.Bulk(value), RespWriter.Resp2);
        Assert.Equal($"$300000\r\n{Frames.Text(value)}\r\n", written);
    }

    private static Reply Example(string kind) => kind switch
    {
        "simple" => Reply.Ok,
        "error" => Reply.SyntaxError,
        "error of two lines" => Reply.Error("ERR a\r\nb"),
        "integer" => Reply.Integer(long.MinValue),
        "bulk" => Reply.Bulk(Frames.Bytes("a\r\n\xff")),
        "empty bulk" => Reply.Bulk(""),
        "verbatim" => new VerbatimReply("abc"),
        "null" => Reply.Null,
        "null array" => Reply.NullArray,
        "empty array" => Reply.EmptyArray,
        "nested array" => Reply.Array(Reply.Array(Reply.One), Reply.Null),
        "map" => Reply.Map(KeyValuePair.Create(Reply.Bulk("a"), Reply.One), KeyValuePair.Create(Reply.Bulk("b"), Reply.Null)),
        "push" => new PushReply([Reply.Bulk("a"), Reply.One]),
        _ => new ReplySequence([Reply.Ok, Reply.Zero]),
    };

    private static string Write(Reply reply, int protocol)
    {
        ArrayBufferWriter<byte> output = new();
        RespWriter.Write(output, reply, protocol);
        return Frames.Text(output.WrittenMemory);
    }
}
