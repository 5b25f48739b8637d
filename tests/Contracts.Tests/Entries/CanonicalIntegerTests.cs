using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;

namespace OrleansSessions.Contracts.Tests.Entries;

public sealed class CanonicalIntegerTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void TryParse_Integer_IsRead(string text, long value)
    {
        Assert.True(CanonicalInteger.TryParse(Encoding.UTF8.GetBytes(text), out long parsed));
        Assert.Equal(value, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("-0")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("18446744073709551617")]
    public void TryParse_OtherText_IsRefused(string text) => Assert.False(CanonicalInteger.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Write_AnyInteger_IsReadAgain() => Gen.Long.Sample(number =>
        Encoding.UTF8.GetString(CanonicalInteger.Write(number)) == number.ToString(CultureInfo.InvariantCulture)
        && CanonicalInteger.TryParse(CanonicalInteger.Write(number), out long read) && read == number);

    [Fact]
    public void TryAdd_SumThatFits_IsTheSum() => Gen.Long.Select(Gen.Long).Sample((number, addend) =>
    {
        BigInteger expected = (BigInteger)number + addend;
        bool fits = expected >= long.MinValue && expected <= long.MaxValue;
        return CanonicalInteger.TryAdd(number, addend, out long sum) == fits && (!fits || sum == expected);
    });
}
