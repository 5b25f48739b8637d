using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Tests.Protocol;

public sealed class RespIntegerTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void TryParse_Integer_IsRead(string text, long value)
    {
        Assert.True(RespInteger.TryParse(Frames.Bytes(text), out long parsed));
        Assert.Equal(value, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("-0")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData(" 1")]
    [InlineData("1.0")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("18446744073709551617")]
    public void TryParse_WhatRedisRefuses_IsRefused(string text) => Assert.False(RespInteger.TryParse(Frames.Bytes(text), out _));
}
