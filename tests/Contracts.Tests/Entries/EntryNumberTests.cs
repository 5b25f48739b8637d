using System.Text;
using CsCheck;

namespace OrleansSessions.Contracts.Tests.Entries;

public sealed class EntryNumberTests
{
    [Theory]
    [InlineData(EntryFormat.Bytes, "-5")]
    [InlineData(EntryFormat.Json, "-5")]
    [InlineData(EntryFormat.Php, "i:-5;")]
    public void Write_Integer_HasTheFormOfTheFormat(EntryFormat format, string text) => Assert.Equal(text, Encoding.UTF8.GetString(EntryNumber.Write(-5, format)));

    [Fact]
    public void TryRead_WhatWasWritten_IsTheNumber() => Gen.Long.Select(Gen.Enum<EntryFormat>()).Sample((number, format) =>
        EntryNumber.TryRead(EntryNumber.Write(number, format), format, out long read) && read == number);

    [Theory]
    [InlineData(EntryFormat.Bytes, "i:5;")]
    [InlineData(EntryFormat.Php, "5")]
    [InlineData(EntryFormat.Php, "i:5")]
    [InlineData(EntryFormat.Php, "i:;")]
    [InlineData(EntryFormat.Php, "i:05;")]
    [InlineData(EntryFormat.Php, "i:5;i:5;")]
    [InlineData(EntryFormat.Php, "i:00000000000000000000005;")]
    [InlineData((EntryFormat)9, "5")]
    public void TryRead_OtherText_IsRefused(EntryFormat format, string text) => Assert.False(EntryNumber.TryRead(Encoding.UTF8.GetBytes(text), format, out _));
}
