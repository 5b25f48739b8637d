using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Commits that arrive while the session is being stored are stored together by the next write.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class GroupCommitTests(ClusterFixture fixture)
{
    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly StorageFaults _faults = fixture.Cluster.Faults;
    private readonly string _key = SessionTestCluster.NewKey();

    private int Writes => _faults.Count(_key, StorageOperation.Write);

    [Fact]
    public async Task Commit_ManyWhileOneIsBeingStored_TakeOneMoreWrite()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("first", "1"));
        HeldWrite held = await HoldAsync();

        Task<CommitResult>[] waiting = [.. Enumerable.Range(0, 20).Select(i => _frontend.CommitAsync(_key, SessionChange.Add("n", 1)))];
        await ArrivedAsync();
        int before = Writes;
        held.Release();
        CommitResult[] results = await Task.WhenAll(waiting);

        Assert.Equal(before + 1, Writes);
        Assert.All(results, result => Assert.Equal(CommitOutcome.Applied, result.Outcome));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), results.Select(result => result.Numbers[0]).Order());
        Assert.Equal(Enumerable.Range(3, 20).Select(i => (long)i), results.Select(result => result.Version).Order());
        Assert.Equal(22, (await _frontend.SnapshotAsync(_key)).Version);
    }

    [Fact]
    public async Task Commit_RefusedAmongOthers_IsRefusedAlone()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("text", "x"), Entries.Set("n", "1"));
        HeldWrite held = await HoldAsync();

        Task<CommitResult> conflict = _frontend.CommitAsync(_key, SessionChange.SetIfVersion("n", [], EntryFormat.Bytes, expectedVersion: 99));
        Task<CommitResult> add = _frontend.CommitAsync(_key, SessionChange.Add("n", 1));
        Task<CommitResult> notANumber = _frontend.CommitAsync(_key, SessionChange.Add("text", 1));
        Task<CommitResult> badName = _frontend.CommitAsync(_key, Entries.Set("\0", "1"));
        Task<CommitResult> tooLarge = _frontend.CommitAsync(_key, SessionChange.Set("large", new byte[2 * 1024 * 1024]));
        Task<CommitResult> gone = _frontend.CommitAsync(_key, Commit.BasedOn(Guid.NewGuid(), Entries.Set("n", "0")));
        Task<CommitResult> last = _frontend.CommitAsync(_key, SessionChange.Add("n", 1));
        await ArrivedAsync();
        held.Release();

        Assert.Equal(CommitOutcome.Conflict, (await conflict).Outcome);
        Assert.Equal([2], (await add).Numbers);
        Assert.Equal(CommitOutcome.NotANumber, (await notANumber).Outcome);
        Assert.Equal(CommitOutcome.InvalidName, (await badName).Outcome);
        Assert.Equal(CommitOutcome.LimitExceeded, (await tooLarge).Outcome);
        Assert.Equal(CommitOutcome.Gone, (await gone).Outcome);
        Assert.Equal([3], (await last).Numbers);
        Assert.Equal(["text=x", "n=3", "held=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Commit_RefusedAmongOthersWhoseAnswerIsLost_StaysRefused()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("n", "first"));
        HeldWrite held = await HoldAsync();
        Task<CommitResult> earlier = _frontend.CommitAsync(_key, Entries.Set("other", "1"));
        await ArrivedAsync();

        // Refused, because "n" has version 1; the next commit of the same write makes it version 4.
        Task<CommitResult> refused = _frontend.CommitAsync(_key, SessionChange.SetIfVersion("n", "refused"u8.ToArray(), EntryFormat.Bytes, expectedVersion: 4));
        await ArrivedAsync();
        Task<CommitResult> later = _frontend.CommitAsync(_key, Entries.Set("n", "later"));
        await ArrivedAsync();
        FailAfterTheHeldWrite(StorageFault.AnswerLost);
        held.Release();

        Assert.Equal((CommitOutcome.Applied, 3L), ((await earlier).Outcome, (await earlier).Version));
        Assert.Equal((CommitOutcome.Applied, 4L), ((await later).Outcome, (await later).Version));
        Assert.Equal(CommitOutcome.Conflict, (await refused).Outcome);
        SessionSnapshot session = await _frontend.SnapshotAsync(_key);
        Assert.Equal("later", session.Text("n"));
        Assert.Equal(4, session.Version);
    }

    [Theory]
    [InlineData(nameof(StorageFault.Lost))]
    [InlineData(nameof(StorageFault.AnswerLost))]
    public async Task Commit_NoAnswerForMany_AppliesEachOnce(string fault)
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        HeldWrite held = await HoldAsync();
        Task<CommitResult>[] waiting = [.. Enumerable.Range(0, 20).Select(i => _frontend.CommitAsync(_key, SessionChange.Add("n", 1)))];
        await ArrivedAsync();
        FailAfterTheHeldWrite(Enum.Parse<StorageFault>(fault));
        held.Release();

        CommitResult[] results = await Task.WhenAll(waiting);

        Assert.Equal(Enumerable.Range(2, 20).Select(i => (long)i), results.Select(result => result.Numbers[0]).Order());
        Assert.Equal("21", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_RepeatedWhileItWaits_IsAppliedOnce()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        HeldWrite held = await HoldAsync();
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));

        Task<CommitResult>[] waiting = [.. _cluster.Frontends.Select(frontend => frontend.CommitAsync(_key, commit))];
        await ArrivedAsync();
        held.Release();

        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal([2], result.Numbers));
        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_RepeatedWhileItIsBeingStored_IsAppliedOnce()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));
        HeldWrite held = _faults.HoldNextWrite(_key);
        Task<CommitResult> first = _frontend.CommitAsync(_key, commit);
        await held.Arrived;

        Task<CommitResult> repeated = _cluster.Frontends[1].CommitAsync(_key, commit);
        await ArrivedAsync();
        held.Release();

        Assert.Equal([2], (await first).Numbers);
        Assert.Equal([2], (await repeated).Numbers);
        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_ManyWhileRedisIsAway_FailTogetherAndNotOneAfterTheOther()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        HeldWrite held = await HoldAsync();
        Task<CommitResult>[] waiting = [.. Enumerable.Range(0, 20).Select(i => _frontend.CommitAsync(_key, SessionChange.Add("n", 1)))];
        await ArrivedAsync();
        int reads = _faults.Count(_key, StorageOperation.Read);
        using (_faults.Outage())
        {
            held.Release();
            await Task.WhenAll(waiting.Select(commit => Assert.ThrowsAsync<SessionUnavailableException>(() => commit)));
        }

        // Each read of a Redis that does not answer costs its time-out.
        Assert.InRange(_faults.Count(_key, StorageOperation.Read) - reads, 0, 3);
        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
        Assert.Equal([2], (await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1))).Numbers);
    }

    [Fact]
    public async Task Commit_ETagConflictWithOthersWaiting_AppliesEachOnceWhenRepeated()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        HeldWrite held = await HoldAsync();
        SessionCommit[] commits = [.. Enumerable.Range(0, 20).Select(i => Commit.Of(SessionChange.Add("n", 1)))];
        Task<CommitResult>[] waiting = [.. commits.Select(commit => _frontend.CommitAsync(_key, commit))];
        await ArrivedAsync();
        FailAfterTheHeldWrite(StorageFault.Conflict);
        held.Release();
        await Task.WhenAll(waiting.Select(commit => Assert.ThrowsAsync<Orleans.Storage.InconsistentStateException>(() => commit)));

        await Task.WhenAll(commits.Select(commit => _frontend.CommitAsync(_key, commit)));

        Assert.Equal("21", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_MalformedAmongOthers_FailsAlone()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        HeldWrite held = await HoldAsync();

        Task<CommitResult> malformed = _frontend.CommitAsync(_key, SessionChange.Set(null!, []));
        Task<CommitResult> good = _frontend.CommitAsync(_key, SessionChange.Add("n", 1));
        await ArrivedAsync();
        held.Release();

        Assert.Equal([2], (await good).Numbers);
        try
        {
            Assert.NotEqual(CommitOutcome.Applied, (await malformed).Outcome);
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            // Whatever it is: it is its caller's.
        }

        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Destroy_WhileCommitsWait_AnswersThoseBasedOnTheSessionGone()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        HeldWrite held = await HoldAsync();
        Task<bool> destroyed = _frontend.DestroyAsync(_key, created.Incarnation);
        await ArrivedAsync();
        Task<CommitResult> late = _frontend.CommitAsync(_key, Commit.BasedOn(created.Incarnation, SessionChange.Add("n", 1)));
        await ArrivedAsync();
        held.Release();

        // Which of the two is first is nobody's promise; that the commit does not bring the session back is.
        Assert.True(await destroyed);
        Assert.Contains((await late).Outcome, new[] { CommitOutcome.Gone, CommitOutcome.Applied });
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    /// <summary>Starts a commit whose write waits until it is released.</summary>
    private async Task<HeldWrite> HoldAsync()
    {
        HeldWrite held = _faults.HoldNextWrite(_key);
        _ = _frontend.CommitAsync(_key, Entries.Set("held", "1"));
        await held.Arrived;
        return held;
    }

    /// <summary>Lets the write after the held one go wrong.</summary>
    private void FailAfterTheHeldWrite(StorageFault fault)
    {
        int writes = 0;
        _faults.Always(
            _key,
            operation => operation == StorageOperation.Write && Interlocked.Increment(ref writes) == 2 ? fault : StorageFault.None);
    }

    /// <summary>What was sent before has arrived: calls of one client to one session come in their order, and a load waits for nothing.</summary>
    private async Task ArrivedAsync()
    {
        foreach (Frontend frontend in _cluster.Frontends)
        {
            await frontend.SnapshotAsync(_key);
        }
    }
}
