using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>A session that is held for one change makes other changes wait.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class HoldTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Commit_ThatTheSessionIsHeldFor_IsAppliedBeforeThoseThatWait()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        SessionOperation change = NewOperation();
        LoadResult held = await _frontend.HoldAsync(_key, change);
        Assert.Equal(1, held.Snapshot!.Version);

        Task<CommitResult>[] others = await SendOthersAsync();
        CommitResult own = await _frontend.CommitAsync(
            _key, Commit.BasedOn(held.Snapshot.Incarnation, SessionChange.Add("n", 1)) with { OperationId = change.Id, BasedOnVersion = 1 });

        Assert.Equal(CommitOutcome.Applied, own.Outcome);
        Assert.Equal(2, own.Numbers[0]);
        Assert.Equal([3, 4, 5], (await Task.WhenAll(others)).Select(static other => other.Numbers[0]).Order());
    }

    [Fact]
    public async Task DestroyUnchanged_ThatTheSessionIsHeldFor_EndsItBeforeThoseThatWait()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        SessionOperation change = NewOperation();
        SessionSnapshot held = (await _frontend.HoldAsync(_key, change)).Snapshot!;

        Task<CommitResult> other = _frontend.CommitAsync(_key, Commit.BasedOn(held.Incarnation, SessionChange.Add("n", 1)));
        await _frontend.SnapshotAsync(_key);

        Assert.True(await _frontend.DestroyUnchangedAsync(_key, held.Incarnation, held.Version, change));
        Assert.Equal(CommitOutcome.Gone, (await other).Outcome);
    }

    [Fact]
    public async Task Hold_Released_DelaysNothing()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        SessionOperation change = NewOperation();
        await _frontend.HoldAsync(_key, change);
        Task<CommitResult>[] others = await SendOthersAsync();

        await _frontend.LetGoAsync(_key, change.Id);

        await Task.WhenAll(others);
        await _frontend.LetGoAsync(_key, change.Id);
        Assert.Equal("4", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Hold_WithoutItsChange_EndsByItself()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        SessionOperation change = NewOperation();
        await _frontend.HoldAsync(_key, change);
        Task<CommitResult>[] others = await SendOthersAsync();

        _cluster.Clock.Advance(TimeSpan.FromMilliseconds(250));

        await Task.WhenAll(others);
        CommitResult late = await _frontend.CommitAsync(_key, Commit.Of(SessionChange.Add("n", 1)) with { OperationId = change.Id, BasedOnVersion = 1 });
        Assert.Equal(CommitOutcome.Conflict, late.Outcome);
    }

    [Fact]
    public async Task Hold_ArrivingAfterItsDeadline_DelaysNothing()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));

        LoadResult loaded = await _frontend.HoldAsync(_key, new SessionOperation(Guid.NewGuid(), _cluster.Clock.GetUtcNow().AddSeconds(-1)));

        Assert.Equal(LoadOutcome.Active, loaded.Outcome);
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
    }

    [Fact]
    public async Task Hold_OfNoSession_DelaysNothing()
    {
        LoadResult loaded = await _frontend.HoldAsync(_key, NewOperation());

        Assert.Equal(LoadOutcome.None, loaded.Outcome);
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
    }

    [Fact]
    public async Task Hold_ByManyAtOnce_LetsEachChangeTheSessionThatItRead()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("n", "0"));
        using var stop = new CancellationTokenSource();
        Task spoiler = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await _frontend.ApplyAsync(_key, SessionChange.Add("spoiled", 1));
                }
            },
            CancellationToken.None);

        CommitResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            Frontend frontend = _cluster.Frontends[i % 3];
            SessionOperation change = NewOperation();
            SessionSnapshot read = (await frontend.HoldAsync(_key, change)).Snapshot!;
            int next = int.Parse(read.Text("n")!, System.Globalization.CultureInfo.InvariantCulture) + 1;
            return await frontend.CommitAsync(
                _key, Commit.BasedOn(read.Incarnation, Entries.Set("n", $"{next}")) with { OperationId = change.Id, BasedOnVersion = read.Version });
        }));
        await stop.CancelAsync();
        await spoiler;

        Assert.All(results, static result => Assert.Equal(CommitOutcome.Applied, result.Outcome));
        Assert.Equal("20", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    /// <summary>Sends three commits and returns when the grain has received them: calls of one sender arrive in order.</summary>
    private async Task<Task<CommitResult>[]> SendOthersAsync()
    {
        Task<CommitResult>[] others = [.. Enumerable.Range(0, 3).Select(_ => _frontend.ApplyAsync(_key, SessionChange.Add("n", 1)))];
        await _frontend.SnapshotAsync(_key);
        return others;
    }

    private SessionOperation NewOperation() => new(Guid.NewGuid(), _cluster.Clock.GetUtcNow().AddSeconds(10));
}
