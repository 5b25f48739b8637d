using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

[Collection(typeof(ClusterCollection))]
public sealed class EntryNameTests(ClusterFixture fixture)
{
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task Commit_BadName_IsRefusedAndNamesIt(string name)
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        SessionChange[] changes =
        [
            SessionChange.Set(name, []),
            SessionChange.SetIfVersion(name, [], EntryFormat.Bytes, expectedVersion: 0),
            SessionChange.Add(name, 1),
            SessionChange.Remove(name),
        ];

        foreach (SessionChange change in changes)
        {
            CommitResult result = await _frontend.CommitAsync(_key, Entries.Set("a", "2"), change);

            Assert.Equal(CommitOutcome.InvalidName, result.Outcome);
            Assert.NotNull(result.EntryName);
        }

        SessionSnapshot session = await _frontend.SnapshotAsync(_key);
        Assert.Equal(1, session.Version);
        Assert.Equal(["a=1"], session.Entries.Text());
    }

    /// <summary>Empty, and control characters of both ranges.</summary>
    public static TheoryData<string> BadNames() => ["", "\0", "a\nb", "tab\t", "\u001f", "\u007f", "\u0085", "\u009f"];

    [Theory]
    [InlineData("a b")]
    [InlineData(" ")]
    [InlineData("naïve.key:1/2")]
    [InlineData("__Host-thing")]
    [InlineData("ключ")]
    [InlineData("😀")]
    [InlineData("\u00a0")]
    [InlineData("\u200d")]
    [InlineData("\ufffe")]
    public async Task Commit_AnyOtherName_IsKeptAsItIs(string name)
    {
        await _frontend.ApplyAsync(_key, Entries.Set(name, "1"));

        await fixture.Cluster.DeactivateAsync(_key);

        Assert.Equal(name, Assert.Single((await _frontend.SnapshotAsync(_key)).Entries).Name);
    }

    [Fact]
    public async Task Commit_NamesThatDifferInCaseOrNormalization_AreDifferentEntries()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("cart", "1"), Entries.Set("Cart", "2"), Entries.Set("\u00e9", "3"), Entries.Set("e\u0301", "4"));

        Assert.Equal(4, (await _frontend.SnapshotAsync(_key)).Entries.Length);
    }
}
