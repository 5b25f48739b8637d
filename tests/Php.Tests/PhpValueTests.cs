using System.Buffers.Binary;
using System.Text;
using CsCheck;

namespace OrleansSessions.Php.Tests;

public sealed class PhpValueTests
{
    /// <summary>In both directions.</summary>
    [Theory]
    [InlineData("N;", "null")]
    [InlineData("b:1;", "true")]
    [InlineData("b:0;", "false")]
    [InlineData("i:0;", "0")]
    [InlineData("i:-9223372036854775808;", "-9223372036854775808")]
    [InlineData("i:9223372036854775807;", "9223372036854775807")]
    [InlineData("d:0.1;", "0.1")]
    [InlineData("d:1;", "1.0")]
    [InlineData("d:-0;", "-0.0")]
    [InlineData("d:10000000000000000;", "10000000000000000.0")]
    [InlineData("d:1.0E+17;", "1E+17")]
    [InlineData("d:1.2345678901234568E+17;", "1.2345678901234568E+17")]
    [InlineData("d:0.0001;", "0.0001")]
    [InlineData("d:1.0E-5;", "1E-05")]
    [InlineData("d:5.0E-324;", "5E-324")]
    [InlineData("s:0:\"\";", "\"\"")]
    [InlineData("s:5:\"a\"b\\c\";", "\"a\\\"b\\\\c\"")]
    [InlineData("s:6:\"語😀\";", null)]
    [InlineData("s:7:\"語😀\";", "\"語\\uD83D\\uDE00\"")]
    [InlineData("a:0:{}", "[]")]
    [InlineData("a:2:{i:0;i:1;i:1;s:1:\"b\";}", "[1,\"b\"]")]
    [InlineData("a:2:{i:1;i:1;i:0;i:2;}", "{\"1\":1,\"0\":2}")]
    [InlineData("a:2:{s:0:\"\";i:1;i:-5;a:1:{i:0;a:0:{}}}", "{\"\":1,\"-5\":[[]]}")]
    [InlineData("a:2:{i:1;a:2:{i:0;N;i:2;N;}s:1:\"l\";a:2:{i:0;N;i:1;a:1:{s:1:\"x\";N;}}}", "{\"1\":{\"0\":null,\"2\":null},\"l\":[null,{\"x\":null}]}")]
    [InlineData("a:1:{s:3:\"007\";i:1;}", "{\"007\":1}")]
    public void Value_InBothLanguages_ConvertsBothWays(string php, string? json)
    {
        bool converts = PhpValue.TryToJson(Encoding.UTF8.GetBytes(php), out byte[]? converted);

        Assert.Equal(json, converts ? Encoding.UTF8.GetString(converted!) : null);
        if (json is not null)
        {
            Assert.Equal(php, Encoding.UTF8.GetString(PhpValue.FromJson(Encoding.UTF8.GetBytes(json))));
        }
    }

    [Theory]
    [InlineData("O:8:\"stdClass\":0:{}")]
    [InlineData("a:1:{i:0;O:8:\"stdClass\":0:{}}")]
    [InlineData("E:6:\"Suit:H\";")]
    [InlineData("C:3:\"Bag\":0:{}")]
    [InlineData("a:2:{i:0;i:1;i:1;R:2;}")]
    [InlineData("s:1:\"\xff\";")]
    [InlineData("a:1:{s:1:\"\xff\";i:1;}")]
    [InlineData("d:INF;")]
    [InlineData("d:-INF;")]
    [InlineData("d:NAN;")]
    [InlineData("d:1.0E+400;")]
    [InlineData("a:2:{s:1:\"a\";i:1;s:1:\"a\";i:2;}")]
    [InlineData("i:1;i:2;")]
    [InlineData("")]
    public void ToJson_WhatJsonDoesNotHold_IsRefused(string php) => Assert.False(PhpValue.TryToJson(Text.Bytes(php), out _));

    [Theory]
    [InlineData("18446744073709551615", "d:1.8446744073709552E+19;")]
    [InlineData("1e2", "d:100;")]
    [InlineData("1e999", "d:INF;")]
    [InlineData("0.10000", "d:0.1;")]
    [InlineData("{}", "a:0:{}")]
    [InlineData("{\"a\":1,\"b\":2,\"a\":3}", "a:2:{s:1:\"a\";i:3;s:1:\"b\";i:2;}")]
    [InlineData("{\"12\":1,\"-0\":2,\"9223372036854775808\":3}", "a:3:{i:12;i:1;s:2:\"-0\";i:2;s:19:\"9223372036854775808\";i:3;}")]
    [InlineData(" [ 1 ] ", "a:1:{i:0;i:1;}")]
    [InlineData("\"\\u00e9\"", "s:2:\"\xc3\xa9\";")]
    [InlineData("nonsense", "s:8:\"nonsense\";")]
    [InlineData("\"\\ud800\"", "s:8:\"\"\\ud800\"\";")]
    [InlineData("", "s:0:\"\";")]
    public void FromJson_OtherForms_AreThePhpValueThatIsMeant(string json, string php) => Assert.Equal(php, Text.Of(PhpValue.FromJson(Text.Bytes(json))));

    [Theory]
    [InlineData("", "s:0:\"\";")]
    [InlineData("Hello", "s:5:\"Hello\";")]
    [InlineData("\0\0\0*", "i:42;")]
    [InlineData("\xff\xff\xff\xff", "i:-1;")]
    [InlineData("\x80\0\0\0", "i:-2147483648;")]
    [InlineData("a\nb\n", "i:1628070410;")]
    [InlineData("1234", "s:4:\"1234\";")]
    [InlineData("a\xc3\xa9z", "s:4:\"a\xc3\xa9z\";")]
    [InlineData("\0\0\0", "s:3:\"\0\0\0\";")]
    public void FromBytes_OfSetStringAndSetInt32_AreStringsAndInts(string bytes, string php) => Assert.Equal(php, Text.Of(PhpValue.FromBytes(Text.Bytes(bytes))));

    /// <summary>The numbers documented as always being ints: both ends, their neighbours, which look like text, and many in between.</summary>
    [Fact]
    public void FromBytes_OfSetInt32_IsAnIntInTheDocumentedRange()
    {
        const int Least = -184_549_376;
        const int Greatest = 538_976_287;

        Gen.OneOf(Gen.Int[Least, Greatest], Gen.Int[-100_000, 100_000], Gen.OneOfConst(Least, Greatest))
            .Sample(number => Assert.Equal($"i:{number};", Text.Of(PhpValue.FromBytes(BigEndian(number)))), iter: 20_000);
        Assert.Equal("s:4:\"    \";", Text.Of(PhpValue.FromBytes(BigEndian(Greatest + 1))));

        static byte[] BigEndian(int number)
        {
            byte[] bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, number);
            return bytes;
        }
    }

    [Theory]
    [InlineData("s:5:\"Hello\";", "Hello")]
    [InlineData("s:1:\"\xff\";", "\xff")]
    [InlineData("i:42;", "\0\0\0*")]
    [InlineData("i:-1;", "\xff\xff\xff\xff")]
    [InlineData("i:2147483648;", "2147483648")]
    [InlineData("b:1;", "true")]
    [InlineData("N;", "null")]
    [InlineData("a:1:{i:0;d:1;}", "[1.0]")]
    [InlineData("O:8:\"stdClass\":0:{}", "O:8:\"stdClass\":0:{}")]
    [InlineData("d:NAN;", "d:NAN;")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("i:1;i:2;", "i:1;i:2;")]
    public void ToBytes_WhatISessionReads(string php, string bytes) => Assert.Equal(bytes, Text.Of(PhpValue.ToBytes(Text.Bytes(php))));
}
