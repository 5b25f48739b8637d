using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Calls delivered after their caller gave up, and retries of operations that were forgotten.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class OperationDeadlineTests(ClusterFixture fixture)
{
    private static readonly TimeSpan IOTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly SessionTestCluster _cluster = fixture.Cluster;
    private readonly Frontend _frontend = fixture.Cluster.Frontend;
    private readonly string _key = SessionTestCluster.NewKey();

    [Fact]
    public async Task Commit_ThatArrivesAfterItsDeadline_IsUnknownAndNotApplied()
    {
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        SessionCommit commit = Increment();
        _cluster.Clock.Advance(IOTimeout + Moment);

        CommitResult late = await _frontend.CommitAsync(_key, commit);

        Assert.Equal(CommitOutcome.Unknown, late.Outcome);
        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Commit_ThatWouldCreateASession_IsNotAppliedAfterItsDeadline()
    {
        SessionCommit commit = Increment();
        _cluster.Clock.Advance(IOTimeout + Moment);

        Assert.Equal(CommitOutcome.Unknown, (await _frontend.CommitAsync(_key, commit)).Outcome);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key)).Outcome);
    }

    [Fact]
    public async Task Commit_AppliedAndRepeatedAtItsDeadline_IsAnsweredAsBefore()
    {
        SessionCommit commit = Increment();
        CommitResult first = await _frontend.CommitAsync(_key, commit);
        _cluster.Clock.Advance(IOTimeout);

        CommitResult repeated = await _frontend.CommitAsync(_key, commit with { Age = IOTimeout });

        Assert.Equal((CommitOutcome.Applied, first.Version), (repeated.Outcome, repeated.Version));
        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    /// <summary>The silo that takes a session over may have a slow clock: the session itself records what it has forgotten.</summary>
    [Fact]
    public async Task Commit_RepeatedAfterItWasForgotten_IsUnknownEvenWithASlowClock()
    {
        SessionCommit commit = Increment();
        await _frontend.CommitAsync(_key, commit);
        _cluster.Clock.Advance(IOTimeout + Moment);
        await _frontend.CommitAsync(_key, Increment());

        CommitResult repeated = await _frontend.CommitAsync(_key, commit);

        Assert.Equal(CommitOutcome.Unknown, repeated.Outcome);
        Assert.Equal(commit.Deadline!.Value.ToUnixTimeMilliseconds(), (await _cluster.StoredAsync(_key))!.OperationsForgottenThroughMs);
    }

    [Fact]
    public async Task Commit_WithADeadlineFarAhead_IsRefusedWithTheReason()
    {
        SessionCommit commit = Increment() with { Deadline = _cluster.Clock.GetUtcNow() + SessionOperation.MaxAhead + TimeSpan.FromSeconds(1) };

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => _frontend.CommitAsync(_key, commit));

        Assert.Contains("Synchronize the clocks", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destroy_RepeatedAfterTheNextSessionWasCreated_LeavesThatOne()
    {
        SessionOperation operation = NewOperation();
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        Assert.True(await _frontend.DestroyAsync(_key, operation));
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 7));

        bool repeated = await _frontend.DestroyAsync(_key, operation);

        Assert.True(repeated);
        Assert.Equal("7", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Destroy_ThatArrivesAfterItsDeadline_EndsNothing()
    {
        SessionOperation operation = NewOperation();
        await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        _cluster.Clock.Advance(IOTimeout + Moment);

        await Assert.ThrowsAsync<SessionUnavailableException>(() => _frontend.DestroyAsync(_key, operation));
        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Rotate_ThatArrivesAfterItsDeadline_MovesNothing()
    {
        CommitResult session = await _frontend.ApplyAsync(_key, SessionChange.Add("n", 1));
        DateTimeOffset deadline = _cluster.Clock.GetUtcNow();
        _cluster.Clock.Advance(Moment);

        Assert.False(await _frontend.RotateAsync(_key, SessionTestCluster.NewKey(), session.Incarnation, deadline));
        Assert.Equal("1", (await _frontend.SnapshotAsync(_key)).Text("n"));
    }

    [Fact]
    public async Task Release_RepeatedAfterTheNextOwnerHasTheLock_DoesNotTakeIt()
    {
        SessionOperation release = NewOperation();
        await _frontend.AcquireLockAsync(_key, new SessionLockRequest { OperationId = Guid.NewGuid(), Owner = [1] });
        Assert.True(await _frontend.ReleaseLockAsync(_key, release));
        await _frontend.AcquireLockAsync(_key, new SessionLockRequest { OperationId = Guid.NewGuid(), Owner = [2] });

        bool repeated = await _frontend.ReleaseLockAsync(_key, release);

        Assert.True(repeated);
        Assert.Equal([2], (await _frontend.GetLockAsync(_key))!.Owner);
    }

    private SessionOperation NewOperation() => new(Guid.NewGuid(), _cluster.Clock.GetUtcNow() + IOTimeout);

    private SessionCommit Increment() => Commit.Of(SessionChange.Add("n", 1)) with { Deadline = _cluster.Clock.GetUtcNow() + IOTimeout };
}
