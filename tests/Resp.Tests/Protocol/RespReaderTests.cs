using System.Buffers;
using CsCheck;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Tests.Protocol;

public sealed class RespReaderTests
{
    private const string Conversation =
        "*2\r\n$3\r\nGET\r\n$1\r\nk\r\nPING\r\n\r\n*0\r\n*-1\r\n*3\r\n$3\r\nset\r\n$0\r\n\r\n$4\r\n\r\n\0\xff\r\n  echo \"a \\x41\\\"\" 'b\\''\r\n*1\r\n$4\r\nQUIT\r\n";

    private const string Understood = "GET k\nPING\nset  \r\n\0\xff\necho a A\" b'\nQUIT\n";

    private static RespLimits Unauthenticated => RespLimits.Unauthenticated;

    [Fact]
    public void TryReadCommand_ConversationInOnePiece_IsUnderstood() =>
        Assert.Equal(Understood, Frames.Read(Frames.Bytes(Conversation), Frames.Limits));

    [Fact]
    public void TryReadCommand_EveryPairOfSplitPoints_IsUnderstoodTheSame()
    {
        byte[] bytes = Frames.Bytes(Conversation);
        for (int i = 0; i <= bytes.Length; i++)
        {
            for (int j = i; j <= bytes.Length; j++)
            {
                Assert.Equal(Understood, Frames.Read(bytes, Frames.Limits, i, j));
            }
        }
    }

    [Fact]
    public void TryReadCommand_ByteByByte_IsUnderstoodTheSame()
    {
        byte[] bytes = Frames.Bytes(Conversation);
        Assert.Equal(Understood, Frames.Read(bytes, Frames.Limits, [.. Enumerable.Range(0, bytes.Length)]));

        // Complete, but in segments of one byte.
        ReadOnlySequence<byte> buffer = Frames.Join(bytes.Select(static b => new[] { b }));
        var reader = new RespReader();
        Assert.True(reader.TryReadCommand(ref buffer, Frames.Limits, out RespCommand? command));
        Assert.Equal("GET k", Frames.Describe(command));
    }

    [Fact]
    public void TryReadCommand_AnyStrings_RoundTrip() =>
        Gen.Select(Gen.Byte.Array[0, 40].List[1, 8], Gen.Int[0, 400], Gen.Int[0, 400]).Sample((strings, first, second) =>
        {
            byte[] frame = Frames.Encode([.. strings]);
            (int low, int high) = (Math.Min(first, second) % (frame.Length + 1), Math.Max(first, second) % (frame.Length + 1));
            string expected = string.Join(' ', strings.Select(static value => Frames.Text(value))) + "\n";
            Assert.Equal(expected, Frames.Read(frame, Frames.Limits, Math.Min(low, high), Math.Max(low, high)));
        });

    // Redis 7.0 gives the same errors, after "-ERR ".
    [Theory]
    [InlineData("*x\r\n", "Protocol error: invalid multibulk length")]
    [InlineData("*01\r\n", "Protocol error: invalid multibulk length")]
    [InlineData("*1048577\r\n", "Protocol error: invalid multibulk length")]
    [InlineData("*99999999999999999999\r\n", "Protocol error: invalid multibulk length")]
    [InlineData("*1\r\n$x\r\n", "Protocol error: invalid bulk length")]
    [InlineData("*1\r\n$-1\r\n", "Protocol error: invalid bulk length")]
    [InlineData("*1\r\n$1000000000\r\n", "Protocol error: invalid bulk length")]
    [InlineData("*1\r\n*1\r\n", "Protocol error: expected '$', got '*'")]
    [InlineData("*1\r\nGET\r\n", "Protocol error: expected '$', got 'G'")]
    [InlineData("PING \"a\r\n", "Protocol error: unbalanced quotes in request")]
    [InlineData("PING 'a'b\r\n", "Protocol error: unbalanced quotes in request")]
    public void TryReadCommand_NotACommand_IsRefusedInRedisWords(string bytes, string error) =>
        Assert.Equal(error, Frames.Read(Frames.Bytes(bytes), Frames.Limits));

    [Theory]
    [InlineData('A', "Protocol error: too big inline request")]
    [InlineData('*', "Protocol error: too big mbulk count string")]
    public void TryReadCommand_EndlessLine_IsRefusedInAnyNumberOfPieces(char start, string error)
    {
        byte[] bytes = Frames.Bytes(start + new string('1', RespLimits.MaxLineBytes));
        Assert.Equal(error, Frames.Read(bytes, Frames.Limits));
        Assert.Equal(error, Frames.Read(bytes, Frames.Limits, 1, 1000, RespLimits.MaxLineBytes));
        Assert.Equal(error, Frames.Read([.. bytes, .. "\r\n"u8], Frames.Limits));
    }

    [Fact]
    public void TryReadCommand_EndlessBulkHeader_IsRefused() => Assert.Equal(
        "Protocol error: too big bulk count string",
        Frames.Read(Frames.Bytes("*1\r\n$" + new string('1', RespLimits.MaxLineBytes)), Frames.Limits));

    [Fact]
    public void TryReadCommand_ArraysInArrays_AreRefusedAtTheSecond() => Assert.Equal(
        "Protocol error: expected '$', got '*'",
        Frames.Read(Frames.Bytes(string.Concat(Enumerable.Repeat("*1\r\n", 100_000))), Frames.Limits));

    /// <summary>A client sends a whole command before it reads, so an early refusal would appear to it as a broken pipe.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(100_009)]
    [InlineData(100_018)]
    public void TryReadCommand_OverALimit_IsDroppedToItsEndAndThenRefused(int split)
    {
        byte[] frame = [.. Frames.Encode([1], new byte[Frames.Limits.MaxBulkBytes + 1], "EX"u8.ToArray(), "100"u8.ToArray())];

        Assert.Equal("", Frames.Read(frame[..^1], Frames.Limits, split));
        Assert.Equal(
            "Protocol error: invalid bulk length: 100001 bytes exceed Resp:MaxBulkBytes, 100000", Frames.Read(frame, Frames.Limits, split));
    }

    [Fact]
    public void TryReadCommand_ManyLargeStrings_AreDroppedAndRefused()
    {
        byte[] largest = new byte[Frames.Limits.MaxBulkBytes];
        Assert.Equal(
            "Protocol error: invalid bulk length: the command exceeds 200000 bytes, twice Resp:MaxBulkBytes",
            Frames.Read(Frames.Encode(largest, largest, [1], largest), Frames.Limits));
        Assert.DoesNotContain("error", Frames.Read(Frames.Encode(largest, largest), Frames.Limits));
    }

    [Fact]
    public void TryReadCommand_TooManyStrings_AreDroppedAndRefused()
    {
        byte[] frame = Frames.Encode([.. Enumerable.Repeat("MGET"u8.ToArray(), 1_001)]);
        Assert.Equal("", Frames.Read(frame[..^1], Frames.Limits));
        Assert.Equal(
            "Protocol error: invalid multibulk length: 1001 strings exceed Resp:MaxArguments, 1000", Frames.Read(frame, Frames.Limits, 5_000));
    }

    [Fact]
    public void TryReadCommand_DroppedForever_EndsAtTheLongestValueOfRedis()
    {
        var reader = new RespReader();
        ReadOnlySequence<byte> header = Frames.Join(Frames.Bytes($"*1000\r\n${RespLimits.MaxSkippedBytes}\r\n"));
        Assert.False(reader.TryReadCommand(ref header, Frames.Limits, out _));
        byte[] piece = new byte[1024 * 1024];
        for (long left = RespLimits.MaxSkippedBytes + 2; left > 0;)
        {
            var buffer = new ReadOnlySequence<byte>(piece, 0, (int)Math.Min(left, piece.Length));
            left -= buffer.Length;
            Assert.False(reader.TryReadCommand(ref buffer, Frames.Limits, out _));
            Assert.True(buffer.IsEmpty);
        }

        ReadOnlySequence<byte> next = Frames.Join("$1\r\n"u8.ToArray());
        Assert.True(Assert.Throws<RespProtocolException>(() => reader.TryReadCommand(ref next, Frames.Limits, out _)).IsOverLimit);
    }

    [Fact]
    public void TryReadCommand_BeforeAuthentication_MuchLessIsAccepted()
    {
        Assert.Equal("Protocol error: unauthenticated multibulk length", Frames.Read("*11\r\n"u8.ToArray(), Unauthenticated));
        Assert.Equal("Protocol error: unauthenticated bulk length", Frames.Read("*1\r\n$16385\r\n"u8.ToArray(), Unauthenticated));
        Assert.Equal("", Frames.Read("*10\r\n$16384\r\n"u8.ToArray(), Unauthenticated));
    }

    [Fact]
    public void TryReadCommand_HalfACommand_IsKnownToBeUnfinished()
    {
        var reader = new RespReader();
        ReadOnlySequence<byte> buffer = Frames.Join("*2\r\n$3\r\nGET\r\n"u8.ToArray());
        Assert.False(reader.TryReadCommand(ref buffer, Frames.Limits, out _));
        Assert.True(buffer.IsEmpty);
        Assert.True(reader.IsInsideCommand);
    }

    /// <summary>A reader that restarted with each piece would scan 10^10 bytes here.</summary>
    [Fact]
    public void TryReadCommand_LongCommandInSmallPieces_IsReadInLinearTime()
    {
        RespLimits limits = new() { MaxArguments = 60_000, MaxBulkBytes = 1_000_000 };
        byte[] frame = Frames.Encode([.. Enumerable.Repeat("ab"u8.ToArray(), 50_000)]);
        var reader = new RespReader();
        byte[] left = [];
        RespCommand? command = null;
        for (int start = 0; start < frame.Length; start += 4)
        {
            ReadOnlySequence<byte> buffer = Frames.Join(left, frame[start..Math.Min(start + 4, frame.Length)]);
            if (reader.TryReadCommand(ref buffer, limits, out command))
            {
                break;
            }

            left = buffer.ToArray();
            Assert.True(left.Length < 16, "Bytes that were read are kept, and not read again.");
        }

        Assert.Equal(49_999, command!.Count);
    }
}
