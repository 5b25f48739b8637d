using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>The user whose ticket a session was first used with.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class TicketUserTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task TicketUser_IsThatOfTheFirstCommitThatNamesOne()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        Assert.Null((await _frontend.SnapshotAsync(_key)).TicketUser);

        foreach (string user in (string[])["ada", "grace"])
        {
            await _frontend.CommitAsync(_key, Commit.Of(Entries.Set("a", "2")) with { TicketUser = user });
        }

        Assert.Equal("ada", (await _frontend.SnapshotAsync(_key)).TicketUser);
        await _cluster.DeactivateAsync(_key);
        Assert.Equal("ada", (await _frontend.SnapshotAsync(_key)).TicketUser);
    }

    [Fact]
    public async Task TicketUser_OfACommitThatCreatesTheSession_IsKeptThroughAMoveToANewKey()
    {
        CommitResult created = await _frontend.CommitAsync(_key, Commit.Of(Entries.Set("a", "1")) with { TicketUser = "ada" });
        string newKey = SessionTestCluster.NewKey();

        Assert.True(await _frontend.RotateAsync(_key, newKey, created.Incarnation));

        Assert.Equal("ada", (await _frontend.SnapshotAsync(newKey)).TicketUser);
    }

    [Fact]
    public async Task TicketUser_OfAnEndedSession_IsNotTheNextOnesUnderTheKey()
    {
        await _frontend.CommitAsync(_key, Commit.Of(Entries.Set("a", "1")) with { TicketUser = "ada" });
        await _frontend.DestroyAsync(_key);

        await _frontend.ApplyAsync(_key, Entries.Set("a", "2"));

        Assert.Null((await _frontend.SnapshotAsync(_key)).TicketUser);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(SessionSnapshot.MaxTicketUser + 1)]
    public async Task TicketUser_ThatIsEmptyOrTooLong_IsRefused(int length) =>
        await Assert.ThrowsAsync<ArgumentException>(
            () => _frontend.CommitAsync(_key, Commit.Of(Entries.Set("a", "1")) with { TicketUser = new string('u', length) }));
}
