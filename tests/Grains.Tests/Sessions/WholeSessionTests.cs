using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Conditions on the whole session: its version, its shape.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class WholeSessionTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Commit_OnNoSession_IsAppliedOnceAmongMany()
    {
        CommitResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            _cluster.Frontends[i % 3].CommitAsync(_key, Commit.Of(Entries.Set("winner", $"{i}")) with { BasedOnVersion = 0 })));

        int winner = Assert.Single(Enumerable.Range(0, 20), i => results[i].Outcome == CommitOutcome.Applied);
        Assert.All(results.Where((_, i) => i != winner), refused => Assert.Equal(CommitOutcome.Conflict, refused.Outcome));
        Assert.Equal($"{winner}", (await _frontend.SnapshotAsync(_key)).Text("winner"));
    }

    [Fact]
    public async Task Commit_OnAVersion_IsRefusedWhenItIsAnother()
    {
        CommitResult first = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _frontend.ApplyAsync(_key, Entries.Set("a", "2"));
        SessionCommit late = Commit.BasedOn(first.Incarnation, Entries.Set("a", "3")) with { BasedOnVersion = first.Version };

        Assert.Equal(CommitOutcome.Conflict, (await _frontend.CommitAsync(_key, late)).Outcome);
        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, late with { OperationId = Guid.NewGuid(), BasedOnVersion = 2 })).Outcome);
        Assert.Equal("3", (await _frontend.SnapshotAsync(_key)).Text("a"));
    }

    [Fact]
    public async Task Commit_OnAVersionRepeated_IsAppliedOnceAndAcknowledgedAgain()
    {
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1)) with { BasedOnVersion = 0 };

        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, commit)).Outcome);
        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, commit)).Outcome);

        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task DestroyUnchanged_AfterAChange_LeavesTheSession()
    {
        CommitResult first = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        await _frontend.ApplyAsync(_key, Entries.Set("a", "2"));

        Assert.False(await _frontend.DestroyUnchangedAsync(_key, first.Incarnation, first.Version, NewOperation()));
        Assert.False(await _frontend.DestroyUnchangedAsync(_key, Guid.NewGuid(), 2, NewOperation()));
        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("a"));

        SessionOperation operation = NewOperation();
        Assert.True(await _frontend.DestroyUnchangedAsync(_key, first.Incarnation, 2, operation));
        Assert.True(await _frontend.DestroyUnchangedAsync(_key, first.Incarnation, 2, operation));
        Assert.False(await _frontend.DestroyUnchangedAsync(_key, first.Incarnation, 2, NewOperation()));
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    /// <summary>The first attempt's answer was lost, and another client created a new session before the second.</summary>
    [Fact]
    public async Task DestroyUnchanged_RepeatedAfterTheSessionWasRecreated_IsTrueAndKeepsTheNewOne()
    {
        CommitResult first = await _frontend.ApplyAsync(_key, Entries.Set("a", "1"));
        SessionOperation operation = NewOperation();
        Assert.True(await _frontend.DestroyUnchangedAsync(_key, first.Incarnation, first.Version, operation));
        await _frontend.ApplyAsync(_key, Entries.Set("a", "new"));
        await _frontend.ApplyAsync(_key, Entries.Set("b", "new"));

        Assert.True(await _frontend.DestroyUnchangedAsync(_key, first.Incarnation, first.Version, operation));

        Assert.Equal("new", (await _frontend.SnapshotAsync(_key)).Text("a"));
    }

    [Fact]
    public async Task Shape_Set_IsStoredAndRotatesWithTheSession()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, SessionChange.SetShape(SessionShape.PhpSerialize));
        string newKey = SessionTestCluster.NewKey();
        await _cluster.DeactivateAsync(_key);

        Assert.Equal(SessionShape.PhpSerialize, (await _frontend.SnapshotAsync(_key)).Shape);
        await _frontend.RotateAsync(_key, newKey, created.Incarnation);
        Assert.Equal(SessionShape.PhpSerialize, (await _frontend.SnapshotAsync(newKey)).Shape);
    }

    [Fact]
    public async Task Shape_ThatTheSiloDoesNotKnow_IsRefused()
    {
        CommitResult result = await _frontend.CommitAsync(_key, SessionChange.SetShape((SessionShape)99));

        Assert.Equal(CommitOutcome.NotUnderstood, result.Outcome);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    private SessionOperation NewOperation() => new(Guid.NewGuid(), _cluster.Clock.GetUtcNow().AddSeconds(10));
}
