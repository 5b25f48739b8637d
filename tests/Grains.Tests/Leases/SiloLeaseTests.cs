using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Leases;

namespace OrleansSessions.Grains.Tests.Leases;

public sealed class SiloLeaseTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly SiloLease _lease;

    public SiloLeaseTests() => _lease = new SiloLease(_clock);

    [Fact]
    public void IsValid_BeforeAnyConfirmation_IsFalse() => Assert.False(_lease.IsValid);

    [Fact]
    public void IsValid_Confirmed_LastsItsLengthFromTheRequest()
    {
        long asked = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(1));

        _lease.Extend(asked);

        Assert.True(_lease.IsValid);
        _clock.Advance(SiloLease.Length - TimeSpan.FromSeconds(1) - Moment);
        Assert.True(_lease.IsValid);
        _clock.Advance(Moment);
        Assert.False(_lease.IsValid);
    }

    [Fact]
    public void Extend_RequestedBeforeAFreeze_DoesNotRevalidateTheLease()
    {
        long asked = _clock.GetTimestamp();
        _clock.Advance(SiloLease.Length);

        _lease.Extend(asked);

        Assert.False(_lease.IsValid);
    }

    [Fact]
    public void Extend_AnOlderRequest_ShortensNothing()
    {
        long early = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(1));
        _lease.Extend(_clock.GetTimestamp());

        _lease.Extend(early);

        _clock.Advance(SiloLease.Length - Moment);
        Assert.True(_lease.IsValid);
    }

    [Fact]
    public void Ensure_Valid_CompletesAtOnce()
    {
        _lease.Extend(_clock.GetTimestamp());

        Assert.True(_lease.EnsureAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Ensure_NotValid_AsksForAnAttemptAndWaitsForIt()
    {
        int wanted = 0;
        _lease.Wanted += () => wanted++;
        Task ensured = _lease.EnsureAsync().AsTask();
        Assert.False(ensured.IsCompleted);
        Assert.Equal(1, wanted);

        _lease.Extend(_clock.GetTimestamp());
        _lease.EndAttempt();

        await ensured;
    }

    [Fact]
    public async Task Ensure_Unconfirmed_SaysThatAnotherSiloMayOwnTheSession()
    {
        Task ensured = _lease.EnsureAsync().AsTask();

        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<SessionOwnershipException>(() => ensured);
    }

    [Fact]
    public async Task Ensure_RedisIsAway_SaysSoAtOnce()
    {
        Task ensured = _lease.EnsureAsync().AsTask();

        _lease.Fail(LeaseStanding.StorageAway);
        _lease.EndAttempt();

        await Assert.ThrowsAsync<SessionUnavailableException>(() => ensured);
    }

    [Fact]
    public async Task Ensure_APeerReachesRedis_SendsTheCallerToIt()
    {
        Task ensured = _lease.EnsureAsync().AsTask();

        _lease.Fail(LeaseStanding.Contested);
        _lease.EndAttempt();
        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<SessionOwnershipException>(() => ensured);
    }

    [Fact]
    public async Task Revoke_ValidLease_EndsItForGood()
    {
        _lease.Extend(_clock.GetTimestamp());

        _lease.Revoke();
        _lease.Extend(_clock.GetTimestamp());

        Assert.False(_lease.IsValid);
        Assert.Equal(LeaseStanding.Revoked, _lease.Standing);
        await Assert.ThrowsAsync<SessionOwnershipException>(() => _lease.EnsureAsync().AsTask());
    }
}
