using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Grains.Leases;

namespace OrleansSessions.Grains.Tests.Leases;

public sealed class PredecessorsTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly FakeTimeProvider _clock = new();
    private readonly SiloAddress _silo = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_111), 1);
    private readonly StampHistory _history;
    private readonly Predecessors _predecessors;

    public PredecessorsTests()
    {
        _history = new StampHistory(_clock);
        _predecessors = new Predecessors(_clock, _history);
    }

    [Fact]
    public void Hold_NoSiloDied_IsNone()
    {
        See(SiloStatus.Active, 1);

        Assert.True(_predecessors.Hold <= TimeSpan.Zero);
        Assert.False(_predecessors.MustClaim);
    }

    [Fact]
    public void Hold_SiloDeclaredDeadWhileItRenews_IsAWholeLease()
    {
        See(SiloStatus.Active, 1);
        _clock.Advance(Period);

        See(SiloStatus.Dead, 2);

        Assert.Equal(SiloLease.Length, _predecessors.Hold);
        Assert.True(_predecessors.MustClaim);
    }

    [Fact]
    public void Hold_SiloThatStoppedRenewingBefore_IsTheRestOfItsLease()
    {
        See(SiloStatus.Active, 1);
        for (int i = 0; i < 5; i++)
        {
            _clock.Advance(Period);
            See(SiloStatus.Active, 1);
        }

        See(SiloStatus.Dead, 1);

        Assert.Equal(SiloLease.Length - (5 * Period), _predecessors.Hold);
    }

    [Fact]
    public void Hold_StampThatMovesAfterTheDeath_IsNotProlonged()
    {
        See(SiloStatus.Dead, 1);
        _clock.Advance(Period);

        See(SiloStatus.Dead, 2);

        Assert.Equal(SiloLease.Length - Period, _predecessors.Hold);
    }

    [Fact]
    public void Hold_DeadSiloThatSaysThatItStopped_EndsAndItsSessionsAreStillClaimed()
    {
        See(SiloStatus.Dead, 1);

        See(SiloStatus.Dead, stamp: null);

        Assert.True(_predecessors.Hold <= TimeSpan.Zero);
        Assert.True(_predecessors.MustClaim);
    }

    /// <summary>Its last writes may still be on their way.</summary>
    [Fact]
    public void Hold_DeadSiloThatStoppedBeforeItsDeathWasSeen_IsNoneAndItsSessionsAreClaimed()
    {
        See(SiloStatus.Active, 1);

        See(SiloStatus.Dead, LeaseTable.Stopped);

        Assert.True(_predecessors.Hold <= TimeSpan.Zero);
        Assert.True(_predecessors.MustClaim);
        Assert.Equal(Predecessors.ClaimWindow, _predecessors.ClaimTime);
    }

    [Fact]
    public void Hold_SiloThatLeftInOrder_IsNoneAndNothingIsClaimed()
    {
        See(SiloStatus.Active, 1);

        See(SiloStatus.Dead, stamp: null);

        Assert.True(_predecessors.Hold <= TimeSpan.Zero);
        Assert.False(_predecessors.MustClaim);
    }

    [Fact]
    public void MustClaim_LongAfterTheDeath_IsFalseAndTheStampIsObsolete()
    {
        See(SiloStatus.Dead, 1);
        _clock.Advance(Predecessors.ClaimWindow + Period);

        See(SiloStatus.Dead, 1);

        Assert.False(_predecessors.MustClaim);
        Assert.Equal([_silo.ToParsableString()], _predecessors.FindObsolete(View(SiloStatus.Dead)));
        Assert.Empty(_predecessors.FindObsolete(View(SiloStatus.Active)));
    }

    [Fact]
    public void StandsStill_LooksWithoutAPause_CountsTheTimeSinceTheLastRenewal()
    {
        See(SiloStatus.Active, 1);
        _clock.Advance(Period);
        See(SiloStatus.Active, 2);
        for (int i = 0; i < 4; i++)
        {
            _clock.Advance(Period);
            See(SiloStatus.Active, 2);
        }

        Assert.Equal(4 * Period, _history.StandsStill(_silo.ToParsableString()));
    }

    /// <summary>After a freeze of this silo, or an outage of Redis, an old stamp means nothing.</summary>
    [Fact]
    public void StandsStill_AfterAPauseOfTheLooks_StartsOver()
    {
        See(SiloStatus.Active, 1);
        _clock.Advance(TimeSpan.FromSeconds(10));

        See(SiloStatus.Active, 1);

        Assert.Equal(TimeSpan.Zero, _history.StandsStill(_silo.ToParsableString()));
    }

    private void See(SiloStatus status, long? stamp)
    {
        Dictionary<string, long> stamps = stamp is { } value ? new() { [_silo.ToParsableString()] = value } : [];
        _history.Look(stamps);
        _predecessors.Follow(View(status), stamps);
    }

    private ClusterMembershipSnapshot View(SiloStatus status) =>
        new(ImmutableDictionary<SiloAddress, ClusterMember>.Empty.Add(_silo, new ClusterMember(_silo, status, "silo")), new MembershipVersion(1));
}
