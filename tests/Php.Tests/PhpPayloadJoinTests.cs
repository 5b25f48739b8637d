using System.Collections.Immutable;
using CsCheck;
using OrleansSessions.Contracts;

namespace OrleansSessions.Php.Tests;

public sealed class PhpPayloadJoinTests
{
    private static readonly ImmutableArray<SessionEntry> Mixed =
    [
        Text.Entry("php", "a:1:{i:0;i:1;}"),
        new() { Name = "text", Value = [.. "grün"u8] },
        new() { Name = "int", Value = [0, 0, 0, 42] },
        new() { Name = "cart", Value = [.. """{"sku":4711,"lines":[1.5,null]}"""u8], Format = EntryFormat.Json },
    ];

    private static readonly ImmutableArray<SessionEntry> Troublesome =
    [
        Text.Entry("ok", "i:1;"),
        Text.Entry("a|b", "i:2;"),
        Text.Entry("12", "i:3;"),
        Text.Entry("!x", "i:4;"),
        Text.Entry("a:1:{", "i:5;"),
        Text.Entry("no value", "i:5"),
        Text.Entry("reference", "R:1;"),
        Text.Entry("nothing", ""),
        new() { Name = "of a newer version", Value = [.. "i:1;"u8], Format = (EntryFormat)9 },
    ];

    [Fact]
    public void Join_EntriesOfDotNet_ConvertsThem()
    {
        Assert.Equal(
            "php|a:1:{i:0;i:1;}text|s:5:\"gr\xc3\xbcn\";int|i:42;cart|a:2:{s:3:\"sku\";i:4711;s:5:\"lines\";a:2:{i:0;d:1.5;i:1;N;}}",
            Text.Of(PhpPayload.Join(PhpHandler.Php, Mixed)));
        Assert.Equal(
            "a:4:{s:3:\"php\";a:1:{i:0;i:1;}s:4:\"text\";s:5:\"gr\xc3\xbcn\";s:3:\"int\";i:42;s:4:\"cart\";"
            + "a:2:{s:3:\"sku\";i:4711;s:5:\"lines\";a:2:{i:0;d:1.5;i:1;N;}}}",
            Text.Of(PhpPayload.Join(PhpHandler.PhpSerialize, Mixed)));
    }

    [Fact]
    public void Join_EntriesThatPhpWouldNotWriteBack_AreOmitted()
    {
        Assert.Equal("ok|i:1;", Text.Of(PhpPayload.Join(PhpHandler.Php, Troublesome)));
        Assert.Equal(
            "a:5:{s:2:\"ok\";i:1;s:3:\"a|b\";i:2;i:12;i:3;s:2:\"!x\";i:4;s:5:\"a:1:{\";i:5;}",
            Text.Of(PhpPayload.Join(PhpHandler.PhpSerialize, Troublesome)));
    }

    [Fact]
    public void Join_NoEntries_IsPhpsEmptySession()
    {
        Assert.Empty(PhpPayload.Join(PhpHandler.Php, []));
        Assert.Equal("a:0:{}", Text.Of(PhpPayload.Join(PhpHandler.PhpSerialize, [])));
    }

    /// <summary>PHP can read every session that .NET has stored, and its saved payload can be split again.</summary>
    [Fact]
    public void Join_AnyEntries_IsSplitIntoThoseThatAreShown()
    {
        Gen<string> name = Gen.OneOf(Gen.String[1, 8], Gen.String[Gen.Char["a|!1:{-0é"], 1, 8], Gen.Int.Select(i => $"{i}"), Gen.OneOfConst("a:1:{", "a:1:{i:0;s:22:\""))
            .Where(SessionEntry.IsValidName);
        Gen<byte[]> value = Gen.OneOf(
            Gen.Byte.Array[0, 8],
            Gen.OneOfConst("""{"1":[{"":-0.0}],"a":1e400}""", "[18446744073709551615]", "\"\\ud800\"", "{\"a\":1,\"a\":2}", "i:1;", "R:1;", "N;", "[1").Select(Text.Bytes));
        Gen<SessionEntry> entry = Gen.Select(name, value, Gen.Int[0, 3], (n, v, f) => new SessionEntry { Name = n, Value = v, Format = (EntryFormat)f });

        Gen.Select(entry.Array[0, 6], Gen.Enum<PhpHandler>()).Sample((all, handler) =>
        {
            ImmutableArray<SessionEntry> entries = [.. all.DistinctBy(e => e.Name)];
            byte[] payload = PhpPayload.Join(handler, entries);

            Assert.True(Text.TrySplit(payload, out PhpHandler found, out ImmutableArray<SessionEntry> shown), Text.Of(payload));
            Assert.Equal(handler, found);
            Assert.Equal(payload, PhpPayload.Join(handler, shown));
            Assert.Equal(shown.Select(e => e.Name), entries.Select(e => e.Name).Where(shown.Select(e => e.Name).Contains));
            Assert.True(PhpPayload.IsShownAsItIs(handler, shown));
            Assert.Equal(
                PhpPayload.IsShownAsItIs(handler, entries),
                entries.Select(e => (e.Name, e.Format, Text.Of(e.Value))).SequenceEqual(shown.Select(e => (e.Name, e.Format, Text.Of(e.Value)))));
        });
    }
}
