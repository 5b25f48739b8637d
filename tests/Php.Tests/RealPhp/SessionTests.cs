using System.Collections.Immutable;
using System.Text;
using CsCheck;
using OrleansSessions.Contracts;

namespace OrleansSessions.Php.Tests.RealPhp;

/// <summary>Sessions of PHP's own session module.</summary>
public sealed class SessionTests(PhpProcess php)
{
    [Theory]
    [InlineData(PhpHandler.Php)]
    [InlineData(PhpHandler.PhpSerialize)]
    public void Session_OfPhp_RoundTrips(PhpHandler handler)
    {
        PhpProcess.Require();
        int split = 0;

        Sample(handler, payload =>
        {
            if (Text.TrySplit(payload, out PhpHandler found, out ImmutableArray<SessionEntry> entries))
            {
                split++;
                Assert.Equal(handler, found);
                Assert.Equal(payload, PhpPayload.Join(handler, entries));
                Assert.All(entries, entry => Assert.Equal(Text.Of(entry.Value), Text.Of(php.Ask("again", [entry.Value])!)));
            }
        });

        Assert.True(split > 1_000, $"{split} split");
    }

    /// <summary>Changing the entries one by one gives the same session as a script's changes in PHP.</summary>
    [Theory]
    [InlineData(PhpHandler.Php)]
    [InlineData(PhpHandler.PhpSerialize)]
    public void Session_ChangedEntryByEntry_MatchesPhp(PhpHandler handler)
    {
        PhpProcess.Require();

        Sample(handler, payload =>
        {
            if (!Text.TrySplit(payload, out _, out ImmutableArray<SessionEntry> entries))
            {
                return;
            }

            string removed = entries.IsEmpty ? "" : entries[0].Name;
            string changed = entries.Length < 2 ? "" : entries[^1].Name;
            byte[]? saved = php.Ask("change", [PhpProcess.NameOf(handler), payload, Encoding.UTF8.GetBytes(removed), Encoding.UTF8.GetBytes(changed)]);

            Assert.NotNull(saved);
            IEnumerable<SessionEntry> expected = entries.Where(entry => entry.Name != removed)
                .Select(entry => entry.Name == changed ? Text.Entry(entry.Name, "s:7:\"changed\";") : entry)
                .Append(Text.Entry("appended", "a:1:{s:2:\"by\";s:3:\"PHP\";}"));
            Assert.Equal(Text.Of(PhpPayload.Join(handler, [.. expected])), Text.Of(saved));
        });
    }

    /// <summary>A script reads what .NET stored under its name.</summary>
    [Theory]
    [InlineData("text", EntryFormat.Bytes, "Hello", "\"Hello\"")]
    [InlineData("number", EntryFormat.Bytes, "\0\0\u0001\0", "256")]
    [InlineData("cart", EntryFormat.Json, """{"sku":4711,"price":1.0,"lines":[]}""", """{"sku":4711,"price":1.0,"lines":[]}""")]
    [InlineData("key with spaces", EntryFormat.Json, "true", "true")]
    public void Entry_OfDotNet_IsReadInPhp(string name, EntryFormat format, string value, string seen)
    {
        PhpProcess.Require();
        var entry = new SessionEntry { Name = name, Value = Text.Bytes(value), Format = format };

        foreach (PhpHandler handler in Enum.GetValues<PhpHandler>())
        {
            byte[] payload = PhpPayload.Join(handler, [Text.Entry("first", "i:1;"), entry]);
            Assert.Equal(seen, Text.Of(php.Ask("see", [PhpProcess.NameOf(handler), payload, Encoding.UTF8.GetBytes(name)])!));
        }
    }

    private void Sample(PhpHandler handler, Action<byte[]> check) => Gen.Int.Sample(
        seed => check(php.Ask("random-session", [PhpProcess.NameOf(handler), Encoding.UTF8.GetBytes($"{seed}")])!),
        iter: 3_000,
        threads: 1);
}
