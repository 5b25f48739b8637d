using System.Collections.Immutable;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.Php.Tests;

public sealed class PhpPayloadSplitTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("isex|s:5:\"Hello\";n|i:1;", "isex=s:5:\"Hello\"; n=i:1;")]
    [InlineData("a|N;b|b:1;c|d:0.5;d|a:0:{}", "a=N; b=b:1; c=d:0.5; d=a:0:{}")]
    [InlineData("text|s:8:\"x|i:1;\";\";", "text=s:8:\"x|i:1;\";\";")]
    [InlineData("user|O:4:\"User\":1:{s:10:\"\0User\0name\";s:3:\"Ada\";}n|i:1;", "user=O:4:\"User\":1:{s:10:\"\0User\0name\";s:3:\"Ada\";} n=i:1;")]
    [InlineData("suit|E:11:\"Suit:Hearts\";", "suit=E:11:\"Suit:Hearts\";")]
    [InlineData("o|O:8:\"stdClass\":1:{s:2:\"12\";i:1;}", "o=O:8:\"stdClass\":1:{s:2:\"12\";i:1;}")]
    [InlineData("f|d:1.0E+25;g|d:-INF;h|d:NAN;i|d:-0;", "f=d:1.0E+25; g=d:-INF; h=d:NAN; i=d:-0;")]
    [InlineData("-0|i:1;007|i:2;a:1|i:3;a:{|i:4;", "-0=i:1; 007=i:2; a:1=i:3; a:{=i:4;")]
    public void Split_WhatThePhpHandlerWrote_IsItsEntriesInOrder(string payload, string entries)
    {
        Assert.True(Text.TrySplit(payload, out PhpHandler handler, out ImmutableArray<SessionEntry> split));

        Assert.Equal(PhpHandler.Php, handler);
        Assert.Equal(entries, string.Join(' ', split.Select(entry => $"{entry.Name}={Text.Of(entry.Value)}")));
        Assert.Equal(payload, Text.Of(PhpPayload.Join(handler, split)));
    }

    [Theory]
    [InlineData("a:0:{}", "")]
    [InlineData("a:2:{s:4:\"isex\";s:5:\"Hello\";i:7;i:1;}", "isex=s:5:\"Hello\"; 7=i:1;")]
    [InlineData("a:3:{s:3:\"a|b\";i:1;s:2:\"!x\";i:2;i:-5;a:1:{i:0;N;}}", "a|b=i:1; !x=i:2; -5=a:1:{i:0;N;}")]
    public void Split_WhatThePhpSerializeHandlerWrote_IsItsEntriesInOrder(string payload, string entries)
    {
        Assert.True(Text.TrySplit(payload, out PhpHandler handler, out ImmutableArray<SessionEntry> split));

        Assert.Equal(PhpHandler.PhpSerialize, handler);
        Assert.Equal(entries, string.Join(' ', split.Select(entry => $"{entry.Name}={Text.Of(entry.Value)}")));
        Assert.Equal(payload, Text.Of(PhpPayload.Join(handler, split)));
    }

    [Theory]
    [InlineData("a|i:1;b|R:1;", "a reference")]
    [InlineData("a|O:8:\"stdClass\":0:{}b|r:1;", "an object that is there twice")]
    [InlineData("a|a:2:{i:0;i:1;i:1;R:2;}", "a reference within one value")]
    [InlineData("a|C:3:\"Bag\":2:{ab}", "an object that serializes itself")]
    [InlineData("a|S:1:\"\\61\";", "an escaped string")]
    [InlineData("a|i:1;a|i:2;", "a name twice")]
    [InlineData("|i:1;", "no name")]
    [InlineData("a\nb|i:1;", "a control character in a name")]
    [InlineData("a\xff|i:1;", "a name that is not UTF-8")]
    [InlineData("!a|i:1;", "a name that means 'not set'")]
    [InlineData("12|i:1;", "a name that PHP would not write")]
    [InlineData("a:1:{|i:1;", "a name that begins like an array")]
    [InlineData("a|i:1;b", "a name without a value")]
    [InlineData("a|i:1;b|", "a name without a value")]
    [InlineData("a|i:01;", "leading zeros")]
    [InlineData("a|i:-0;", "minus nothing")]
    [InlineData("a|i:+1;", "a plus sign")]
    [InlineData("a|i:;", "no digits")]
    [InlineData("a|i:9223372036854775808;", "more than 64 bits")]
    [InlineData("a|b:2;", "neither true nor false")]
    [InlineData("a|d:.5;", "no digits before the point")]
    [InlineData("a|d:1.;", "no digits after the point")]
    [InlineData("a|d:1E5;", "an exponent without a sign")]
    [InlineData("a|d:inf;", "a float in another spelling")]
    [InlineData("a|s:01:\"x\";", "a length with leading zeros")]
    [InlineData("a|s:2:\"x\";", "a length that lies")]
    [InlineData("a|s:-1:\"\";", "a negative length")]
    [InlineData("a|s:2147483647:\"", "a length beyond the end")]
    [InlineData("a|s:99999999999999999999:\"\";", "a length beyond all numbers")]
    [InlineData("a|a:999999999:{", "a count beyond the end")]
    [InlineData("a|a:1:{}", "a count that lies")]
    [InlineData("a|a:0:{i:0;i:1;}", "a count that lies")]
    [InlineData("a|a:1:{s:1:\"1\";i:1;}", "an array key that PHP makes an integer of")]
    [InlineData("a|a:1:{d:1;i:1;}", "an array key that is neither integer nor string")]
    [InlineData("a:1:{s:2:\"12\";i:1;}", "a name that PHP makes an integer of")]
    [InlineData("a:2:{i:1;i:1;i:1;i:2;}", "an integer name twice")]
    [InlineData("a:1:{s:0:\"\";i:1;}", "no name")]
    [InlineData("a:1:{s:1:\"a\";i:1;}\n", "something behind it")]
    [InlineData("a:1:{s:1:\"a\";i:1;", "no end")]
    [InlineData("a:999999999:{", "a count beyond the end")]
    [InlineData("\0\0\0\u0002\u0014\u0001\u0011\u0001a\u0006\u0001", "igbinary")]
    [InlineData("\u0001ai:1;", "php_binary")]
    [InlineData("{\"cookie\":{\"originalMaxAge\":null},\"name\":\"a|i:1;\"}", "JSON")]
    [InlineData("x", "anything else")]
    public void Split_WhatIsNotIndependentOfItsPlaceOrNotPhps_IsRefused(string payload, string why)
    {
        Assert.False(Text.TrySplit(payload, out _, out ImmutableArray<SessionEntry> entries), why);
        Assert.Empty(entries);
    }

    [Fact]
    public void Split_UpToALimit_AndNotBeyondIt()
    {
        Assert.True(PhpPayload.TrySplit("aé|i:1;b|i:1;"u8, 2, 3, out _, out _));
        Assert.False(PhpPayload.TrySplit("aé|i:1;b|i:1;"u8, 1, 3, out _, out _));
        Assert.False(PhpPayload.TrySplit("aé|i:1;b|i:1;"u8, 2, 2, out _, out _));
        Assert.True(PhpPayload.TrySplit("a:2:{i:123;N;s:1:\"b\";N;}"u8, 2, 3, out _, out _));
        Assert.False(PhpPayload.TrySplit("a:2:{i:123;N;s:1:\"b\";N;}"u8, 1, 3, out _, out _));
        Assert.False(PhpPayload.TrySplit("a:2:{i:123;N;s:1:\"b\";N;}"u8, 2, 2, out _, out _));
        Assert.True(PhpPayload.TrySplit(""u8, 0, 0, out _, out _));
    }

    [Theory]
    [InlineData("a|", "a:1:{i:0;", "N;", "}", "")]
    [InlineData("a|", "O:1:\"A\":1:{i:0;", "N;", "}", "")]
    [InlineData("a:1:{s:1:\"a\";", "a:1:{i:0;", "N;", "}", "}")]
    public void Split_NestedAsDeepAsAllowed_AndNotDeeper(string before, string open, string value, string close, string after)
    {
        Assert.True(Text.TrySplit(Nested(256), out _, out _));
        Assert.False(Text.TrySplit(Nested(257), out _, out _));
        Assert.False(Text.TrySplit(Nested(100_000), out _, out _));
        Assert.False(Text.TrySplit(before + Repeat(open, 100_000), out _, out _));

        string Nested(int depth) => before + Repeat(open, depth) + value + Repeat(close, depth) + after;

        static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
    }
}
