using System.Text;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

[Collection(typeof(ClusterCollection))]
public sealed class NumberTests(ClusterFixture fixture)
{
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Add_MissingEntry_CountsFromZeroAsJson()
    {
        CommitResult result = await _frontend.ApplyAsync(_key, SessionChange.Add("n", -5));

        SessionEntry entry = Assert.Single((await _frontend.SnapshotAsync(_key)).Entries);
        Assert.Equal([-5], result.Numbers);
        Assert.Equal(EntryFormat.Json, entry.Format);
        Assert.Equal("-5"u8, entry.Value);
    }

    [Theory]
    [InlineData(EntryFormat.Bytes, "41", "42")]
    [InlineData(EntryFormat.Json, "41", "42")]
    [InlineData(EntryFormat.Php, "i:41;", "i:42;")]
    public async Task Add_Number_KeepsItsFormat(EntryFormat format, string before, string after)
    {
        await _frontend.ApplyAsync(_key, SessionChange.Set("n", Encoding.UTF8.GetBytes(before), format));

        CommitResult result = await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));

        SessionEntry entry = Assert.Single((await _frontend.SnapshotAsync(_key)).Entries);
        Assert.Equal([42], result.Numbers);
        Assert.Equal(format, entry.Format);
        Assert.Equal(after, Encoding.UTF8.GetString(entry.Value));
    }

    [Theory]
    [InlineData("", EntryFormat.Bytes)]
    [InlineData("text", EntryFormat.Bytes)]
    [InlineData("1.5", EntryFormat.Json)]
    [InlineData("1e3", EntryFormat.Json)]
    [InlineData(" 1", EntryFormat.Json)]
    [InlineData("1 ", EntryFormat.Json)]
    [InlineData("1,000", EntryFormat.Json)]
    [InlineData("\"1\"", EntryFormat.Json)]
    [InlineData("0x10", EntryFormat.Bytes)]
    [InlineData("-", EntryFormat.Bytes)]
    [InlineData("9223372036854775808", EntryFormat.Json)]
    [InlineData("i:1;", EntryFormat.Bytes)]
    [InlineData("1", EntryFormat.Php)]
    [InlineData("i:", EntryFormat.Php)]
    [InlineData("i:;", EntryFormat.Php)]
    [InlineData("i:1;i:1;", EntryFormat.Php)]
    [InlineData("i:9223372036854775808;", EntryFormat.Php)]
    [InlineData("d:1;", EntryFormat.Php)]
    [InlineData("b:1;", EntryFormat.Php)]
    [InlineData("s:1:\"1\";", EntryFormat.Php)]
    public async Task Add_NotANumber_IsRefusedAndNamesTheEntry(string value, EntryFormat format)
    {
        await _frontend.ApplyAsync(_key, SessionChange.Set("n", Encoding.UTF8.GetBytes(value), format));

        CommitResult result = await _frontend.CommitAsync(_key, Entries.Set("other", "1"), SessionChange.Add("n", 1));

        Assert.Equal((CommitOutcome.NotANumber, "n"), (result.Outcome, result.EntryName));
        Assert.Equal([$"n={value}"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Theory]
    [InlineData(long.MaxValue - 1, 1, true)]
    [InlineData(long.MaxValue, 1, false)]
    [InlineData(long.MaxValue, long.MaxValue, false)]
    [InlineData(long.MinValue + 1, -1, true)]
    [InlineData(long.MinValue, -1, false)]
    [InlineData(long.MinValue, long.MinValue, false)]
    [InlineData(long.MinValue, long.MaxValue, true)]
    [InlineData(-1, long.MinValue, false)]
    [InlineData(0, long.MinValue, true)]
    public async Task Add_AtTheEdgesOf64Bits_NeverWraps(long start, long by, bool fits)
    {
        await _frontend.ApplyAsync(_key, Entries.Set("n", $"{start}"));

        CommitResult result = await _frontend.CommitAsync(_key, SessionChange.Add("n", by));

        Assert.Equal(fits ? CommitOutcome.Applied : CommitOutcome.NotANumber, result.Outcome);
        Assert.Equal($"{(fits ? start + by : start)}", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }
}
