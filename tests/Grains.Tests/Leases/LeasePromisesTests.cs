using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Grains.Leases;

namespace OrleansSessions.Grains.Tests.Leases;

public sealed class LeasePromisesTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly SiloAddress _silo = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_111), 1);
    private readonly LeasePromises _promises;

    public LeasePromisesTests() => _promises = new LeasePromises(_clock);

    [Fact]
    public void Declaration_WhileAPromiseStands_IsForbiddenAndAllowedAfterIt()
    {
        Assert.True(_promises.TryPromise(_silo));

        Assert.False(_promises.TryBeginDeclaration(_silo));
        _clock.Advance(SiloLease.Length);
        Assert.True(_promises.TryBeginDeclaration(_silo));
    }

    [Fact]
    public void Promise_WhileADeclarationIsOnItsWay_IsRefused()
    {
        Assert.True(_promises.TryBeginDeclaration(_silo));

        Assert.False(_promises.TryPromise(_silo));
    }

    [Fact]
    public void Promise_AfterADeclarationThatRedisRefused_IsGiven()
    {
        _promises.TryBeginDeclaration(_silo);
        _promises.EndDeclaration(_silo, refused: true);

        Assert.True(_promises.TryPromise(_silo));
    }

    [Fact]
    public void Promise_AfterADeclarationThatGotNoAnswer_IsRefusedForAWhile()
    {
        _promises.TryBeginDeclaration(_silo);
        _promises.EndDeclaration(_silo, refused: false);

        Assert.False(_promises.TryPromise(_silo));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_promises.TryPromise(_silo));
    }

    [Fact]
    public void Promise_ToOneSilo_LeavesOthersOut()
    {
        _promises.TryPromise(_silo);

        Assert.True(_promises.TryBeginDeclaration(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_112), 1)));
    }
}
