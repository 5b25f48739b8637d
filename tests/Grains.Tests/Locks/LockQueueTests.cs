using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Locks;

namespace OrleansSessions.Grains.Tests.Locks;

/// <summary>Order in which requests get a session's lock.</summary>
public sealed class LockQueueTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider _clock = new();
    private readonly LockQueue _lock;

    public LockQueueTests() => _lock = new LockQueue(_clock);

    [Fact]
    public async Task Acquire_FreeLock_IsGrantedAtOnce()
    {
        Assert.True(await _lock.AcquireAsync(Request(1)));

        Assert.Equal([1], _lock.Held!.Owner);
        Assert.Equal(_clock.GetUtcNow() + Lease, _lock.Held.ExpiresAt);
    }

    [Fact]
    public async Task Acquire_Repeated_IsGrantedAgainToTheSameRequestOnly()
    {
        SessionLockRequest request = Request(1);
        await _lock.AcquireAsync(request);

        Assert.True(await _lock.AcquireAsync(request));
        Assert.False(await _lock.AcquireAsync(Request(1)));
    }

    [Fact]
    public async Task Acquire_HeldLock_IsRefusedWhenPatienceEnds()
    {
        await _lock.AcquireAsync(Request(1));
        Task<bool> waiting = _lock.AcquireAsync(Request(2, Patience)).AsTask();
        Assert.False(waiting.IsCompleted);

        _clock.Advance(Patience);

        Assert.False(await waiting);
        Assert.Equal([1], _lock.Held!.Owner);
        Assert.True(_lock.Release([1]));
        Assert.False(_lock.IsInUse);
    }

    [Fact]
    public async Task Release_WithWaiters_PassesTheLockOnInTheirOrder()
    {
        await _lock.AcquireAsync(Request(0));
        Task<bool>[] waiting = [.. Enumerable.Range(1, 5).Select(owner => _lock.AcquireAsync(Request(owner, Patience)).AsTask())];

        for (int owner = 0; owner < waiting.Length; owner++)
        {
            Assert.True(_lock.Release([(byte)owner]));
            Assert.True(await waiting[owner]);
            Assert.Equal([(byte)(owner + 1)], _lock.Held!.Owner);
            Assert.All(waiting[(owner + 1)..], later => Assert.False(later.IsCompleted));
        }
    }

    [Fact]
    public async Task Acquire_FreeLockBeforeAWaiterHasSeenIt_DoesNotOvertake()
    {
        await _lock.AcquireAsync(Request(1));
        Task<bool> first = _lock.AcquireAsync(Request(2, Patience)).AsTask();
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        _lock.Release([1]);

        Assert.False(await _lock.AcquireAsync(Request(3)));
        Assert.True(await first);
    }

    [Fact]
    public async Task Lease_ThatEndsWhileOthersWait_PassesTheLockOn()
    {
        await _lock.AcquireAsync(Request(1) with { Lease = TimeSpan.FromMilliseconds(20) });
        Task<bool> waiting = _lock.AcquireAsync(Request(2, Patience)).AsTask();

        _clock.Advance(TimeSpan.FromMilliseconds(20));

        Assert.True(await waiting);
        Assert.False(_lock.Release([1]));
        Assert.Equal([2], _lock.Held!.Owner);
    }

    [Fact]
    public async Task Lease_Ended_LeavesNothing()
    {
        await _lock.AcquireAsync(Request(1));
        _clock.Advance(Lease);

        Assert.Null(_lock.Held);
        Assert.False(_lock.IsInUse);
        Assert.False(_lock.Extend(null, Lease));
        Assert.False(_lock.Release(null));
        Assert.True(await _lock.AcquireAsync(Request(2)));
    }

    [Fact]
    public async Task Lease_ExtendedByAnybodyElse_StaysAsItIs()
    {
        await _lock.AcquireAsync(Request(1));
        DateTimeOffset end = _lock.Held!.ExpiresAt;

        Assert.False(_lock.Extend([2], 2 * Lease));
        Assert.Equal(end, _lock.Held!.ExpiresAt);
        Assert.True(_lock.Extend([1], 2 * Lease));
        Assert.True(_lock.Held!.ExpiresAt > end);
    }

    [Fact]
    public async Task Lease_OverTheLongest_IsCutToIt()
    {
        await _lock.AcquireAsync(Request(1) with { Lease = TimeSpan.MaxValue });
        Assert.Equal(_clock.GetUtcNow() + SessionLock.MaxLease, _lock.Held!.ExpiresAt);

        Assert.True(_lock.Extend(null, TimeSpan.MaxValue));
        Assert.Equal(_clock.GetUtcNow() + SessionLock.MaxLease, _lock.Held!.ExpiresAt);
    }

    [Theory]
    [InlineData(new byte[] { 2 })]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 1, 0 })]
    public async Task Release_ByAnotherOwner_ChangesNothing(byte[] other)
    {
        await _lock.AcquireAsync(Request(1));

        Assert.False(_lock.Release(other));
        Assert.NotNull(_lock.Held);
    }

    [Fact]
    public async Task Release_ByAnAllowedCaller_EndsIt()
    {
        await _lock.AcquireAsync(Request(1));

        Assert.True(_lock.Release(null));
        Assert.Null(_lock.Held);
    }

    [Fact]
    public async Task Acquire_RepeatedWhileItWaits_TakesOnePlace()
    {
        await _lock.AcquireAsync(Request(1));
        SessionLockRequest request = Request(2, Patience);
        Task<bool> first = _lock.AcquireAsync(request).AsTask();
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        Task<bool> repeated = _lock.AcquireAsync(request).AsTask();

        _lock.Release([1]);

        Assert.True(await first);
        Assert.True(await repeated);
        Assert.True(_lock.Release([2]));
        Assert.False(_lock.IsInUse);
    }

    private static SessionLockRequest Request(int owner, TimeSpan wait = default) =>
        new() { OperationId = Guid.NewGuid(), Owner = [(byte)owner], Lease = Lease, Wait = wait };
}
