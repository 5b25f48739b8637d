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

        Pending[] waiting = await SendManyAsync(20, static () => Commit.Of(SessionChange.Add("n", 1)));
        int before = Writes;
        held.Release();
        CommitResult[] results = await Task.WhenAll(waiting.Select(static commit => commit.Answer));

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

        Pending conflict = await SendAsync(SessionChange.SetIfVersion("n", [], EntryFormat.Bytes, expectedVersion: 99));
        Pending add = await SendAsync(SessionChange.Add("n", 1));
        Pending notANumber = await SendAsync(SessionChange.Add("text", 1));
        Pending badName = await SendAsync(Entries.Set("\0", "1"));
        Pending tooLarge = await SendAsync(SessionChange.Set("large", new byte[2 * 1024 * 1024]));
        Pending gone = await SendAsync(Commit.BasedOn(Guid.NewGuid(), Entries.Set("n", "0")));
        Pending last = await SendAsync(SessionChange.Add("n", 1));
        held.Release();

        Assert.Equal(CommitOutcome.Conflict, (await conflict.Answer).Outcome);
        Assert.Equal([2], (await add.Answer).Numbers);
        Assert.Equal(CommitOutcome.NotANumber, (await notANumber.Answer).Outcome);
        Assert.Equal(CommitOutcome.InvalidName, (await badName.Answer).Outcome);
        Assert.Equal(CommitOutcome.LimitExceeded, (await tooLarge.Answer).Outcome);
        Assert.Equal(CommitOutcome.Gone, (await gone.Answer).Outcome);
        Assert.Equal([3], (await last.Answer).Numbers);
        Assert.Equal(["text=x", "n=3", "held=1"], (await _frontend.SnapshotAsync(_key)).Entries.Text());
    }

    [Fact]
    public async Task Commit_RefusedInABatchWhoseAnswerIsLost_StaysRefused()
    {
        await _frontend.ApplyAsync(_key, Entries.Set("n", "first"));
        HeldWrite held = await HoldAsync();
        Pending earlier = await SendAsync(Entries.Set("other", "1"));

        // Refused, because "n" has version 1; the next commit of the same write raises it to version 4.
        Pending refused = await SendAsync(SessionChange.SetIfVersion("n", "refused"u8.ToArray(), EntryFormat.Bytes, expectedVersion: 4));
        Pending later = await SendAsync(Entries.Set("n", "later"));
        FailAfterTheHeldWrite(StorageFault.AnswerLost);
        held.Release();

        Assert.Equal((CommitOutcome.Applied, 3L), ((await earlier.Answer).Outcome, (await earlier.Answer).Version));
        Assert.Equal((CommitOutcome.Applied, 4L), ((await later.Answer).Outcome, (await later.Answer).Version));
        Assert.Equal(CommitOutcome.Conflict, (await refused.Answer).Outcome);
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
        Pending[] waiting = await SendManyAsync(20, static () => Commit.Of(SessionChange.Add("n", 1)));
        FailAfterTheHeldWrite(Enum.Parse<StorageFault>(fault));
        held.Release();

        CommitResult[] results = await Task.WhenAll(waiting.Select(static commit => commit.Answer));

        Assert.Equal(Enumerable.Range(2, 20).Select(i => (long)i), results.Select(result => result.Numbers[0]).Order());
        Assert.Equal("21", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_RepeatedWhileItWaits_IsAppliedOnce()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        HeldWrite held = await HoldAsync();
        SessionCommit commit = Commit.Of(SessionChange.Add("n", 1));

        Pending[] waiting = await Task.WhenAll(_cluster.Frontends.Select(frontend => SendAsync(commit, frontend)));
        held.Release();

        Assert.All(await Task.WhenAll(waiting.Select(static pending => pending.Answer)), result => Assert.Equal([2], result.Numbers));
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
        await _cluster.Frontends[1].SnapshotAsync(_key);
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
        Pending[] waiting = await SendManyAsync(20, static () => Commit.Of(SessionChange.Add("n", 1)));
        int reads = _faults.Count(_key, StorageOperation.Read);
        using (_faults.Outage())
        {
            held.Release();
            await Task.WhenAll(waiting.Select(commit => Assert.ThrowsAsync<SessionUnavailableException>(() => commit.Answer)));
        }

        // Each read of an unresponsive Redis costs a timeout.
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
        Pending[] waiting = await Task.WhenAll(commits.Select(commit => SendAsync(commit)));
        FailAfterTheHeldWrite(StorageFault.Conflict);
        held.Release();

        // An attempt without an answer within its time limit has been repeated already, and may have been applied.
        Exception?[] failures = await Task.WhenAll(waiting.Select(commit => Record.ExceptionAsync(() => commit.Answer).AsTask()));
        Assert.Contains(failures, static failure => failure is not null);
        Assert.All(failures, static failure => Assert.True(failure is null or Orleans.Storage.InconsistentStateException));

        await Task.WhenAll(commits.Select(commit => _frontend.CommitAsync(_key, commit)));

        Assert.Equal("21", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_MalformedAmongOthers_FailsAlone()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        HeldWrite held = await HoldAsync();

        SessionChange nameless = SessionChange.Set("a", []);
        typeof(SessionChange).GetProperty(nameof(SessionChange.Name))!.SetValue(nameless, null);
        Task<CommitResult> malformed = _frontend.CommitAsync(_key, nameless);
        Pending good = await SendAsync(SessionChange.Add("n", 1));
        held.Release();

        Assert.Equal([2], (await good.Answer).Numbers);
        try
        {
            Assert.NotEqual(CommitOutcome.Applied, (await malformed).Outcome);
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            // The exception belongs to the caller.
        }

        Assert.Equal("2", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Destroy_WhileCommitsWait_AnswersThoseBasedOnTheSessionGone()
    {
        CommitResult created = await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        HeldWrite held = await HoldAsync();
        Task<bool> destroyed = _frontend.DestroyAsync(_key, created.Incarnation);
        Pending late = await SendAsync(Commit.BasedOn(created.Incarnation, SessionChange.Add("n", 1)));
        held.Release();

        // Their order is unspecified, but the commit must not bring the session back.
        Assert.True(await destroyed);
        Assert.Contains((await late.Answer).Outcome, new[] { CommitOutcome.Gone, CommitOutcome.Applied });
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

    /// <summary>Makes the write after the held one fail.</summary>
    private void FailAfterTheHeldWrite(StorageFault fault)
    {
        int writes = 0;
        _faults.Always(
            _key,
            operation => operation == StorageOperation.Write && Interlocked.Increment(ref writes) == 2 ? fault : StorageFault.None);
    }

    /// <summary>Sends a commit and waits for its arrival; the caller awaits the answer.</summary>
    private async Task<Pending> SendAsync(SessionCommit commit, Frontend? frontend = null)
    {
        Task<CommitResult> answer = (frontend ?? _frontend).CommitAsync(_key, commit);
        await _cluster.Arrived.WaitForAsync(commit.OperationId);
        return new Pending(answer);
    }

    private Task<Pending> SendAsync(params SessionChange[] changes) => SendAsync(Commit.Of(changes));

    private async Task<Pending[]> SendManyAsync(int count, Func<SessionCommit> commit)
    {
        var sent = new Pending[count];
        for (int i = 0; i < count; i++)
        {
            sent[i] = await SendAsync(commit());
        }

        return sent;
    }

    private sealed record Pending(Task<CommitResult> Answer);
}
