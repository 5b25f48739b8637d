using System.Collections.Immutable;
using CsCheck;
using OrleansSessions.Contracts;

namespace OrleansSessions.Php.Tests;

/// <summary>Bytes that PHP never wrote: no exception, and no payload that comes back changed.</summary>
public sealed class HostileInputTests
{
    private static readonly string[] Payloads =
    [
        "isex|s:5:\"Hello\";n|i:-12;list|a:2:{i:0;d:1.0E+25;s:1:\"k\";a:0:{}}user|O:4:\"User\":1:{s:4:\"name\";s:3:\"Ada\";}suit|E:6:\"Suit:H\";z|N;b|b:0;",
        "a:4:{s:4:\"isex\";s:5:\"Hello\";i:7;i:1;s:1:\"l\";a:2:{i:0;d:0.5;i:1;b:1;}s:1:\"o\";O:1:\"A\":1:{i:1;N;}}",
    ];

    [Fact]
    public void Split_EveryTruncation_IsRefusedOrComesBackAsItIs()
    {
        foreach (string payload in Payloads)
        {
            for (int length = 0; length < payload.Length; length++)
            {
                AssertUnharmed(Text.Bytes(payload[..length]));
            }
        }

        for (int length = 1; length < Payloads[1].Length; length++)
        {
            Assert.False(Text.TrySplit(Payloads[1][..length], out _, out _));
        }
    }

    [Fact]
    public void Split_EveryByteReplaced_IsRefusedOrComesBackAsItIs()
    {
        foreach (byte[] payload in Payloads.Select(Text.Bytes))
        {
            for (int i = 0; i < payload.Length; i++)
            {
                byte original = payload[i];
                for (int value = 0; value <= byte.MaxValue; value++)
                {
                    payload[i] = (byte)value;
                    AssertUnharmed(payload);
                }

                payload[i] = original;
            }
        }
    }

    [Fact]
    public void Split_MutatedPayloads_AreRefusedOrComeBackAsTheyAre()
    {
        Gen<string> piece = Gen.OneOfConst(
            "a|", "b|", "i:1;", "i:9;", "N;", "b:1;", "d:1.5;", "s:1:\"x\";", "a:1:{", "a:0:{}", "i:0;", "}", "O:1:\"A\":1:{",
            "R:1;", "s:2147483647:\"", "a:999999999:{", ";", "\"");
        piece.Array[0, 20].Sample(pieces => AssertUnharmed(Text.Bytes(string.Concat(pieces))), iter: 20_000);
        Gen.Byte.Array[0, 40].Sample(AssertUnharmed, iter: 10_000);
    }

    [Fact]
    public void Convert_AnyBytes_ThrowsNothing()
    {
        Gen<byte[]> bytes = Gen.OneOf(
            Gen.Byte.Array[0, 20],
            Gen.OneOfConst("{", "}", "[", "]", "\"a\"", ":", ",", "1", "-", "1e999", "\"\\ud800\"", "null", "i:1;", "s:1:\"", "\xff", "d:1e5;", "a:2:{").Array[0, 8]
                .Select(pieces => Text.Bytes(string.Concat(pieces))));
        bytes.Sample(
            input =>
            {
                Assert.True(PhpReader.IsValue(PhpValue.FromJson(input)));
                Assert.True(PhpReader.IsValue(PhpValue.FromBytes(input)));
                Assert.NotNull(PhpValue.ToBytes(input));
                PhpValue.TryToJson(input, out _);
            },
            iter: 20_000);
    }

    /// <summary>JSON up to the maximum depth is converted, deeper JSON becomes text, so that stacks are safe on both sides.</summary>
    [Theory]
    [InlineData(256, "a:1:{")]
    [InlineData(257, "s:514:")]
    [InlineData(500_000, "s:1000000:")]
    public void FromJson_Nested_IsAnArrayUpToTheDepthThatIsRead(int depth, string beginning)
    {
        byte[] serialized = PhpValue.FromJson(Text.Bytes(new string('[', depth) + new string(']', depth)));

        Assert.StartsWith(beginning, Text.Of(serialized), StringComparison.Ordinal);
        Assert.True(PhpReader.IsValue(serialized));
    }

    private static void AssertUnharmed(byte[] payload)
    {
        if (Text.TrySplit(payload, out PhpHandler handler, out ImmutableArray<SessionEntry> entries))
        {
            Assert.True(payload.AsSpan().SequenceEqual(PhpPayload.Join(handler, entries)), Text.Of(payload));
        }
    }
}
