using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Client.Gateways;
using Xunit;

namespace OrleansSessions.Client.Tests.Gateways;

public sealed class GatewaySuspicionsTests
{
    private static readonly EndPoint Silent = new IPEndPoint(IPAddress.Loopback, 30_000);
    private static readonly EndPoint Other = new IPEndPoint(IPAddress.Loopback, 30_001);

    private readonly FakeTimeProvider _clock = new();
    private readonly GatewaySuspicions _suspicions;

    public GatewaySuspicionsTests() => _suspicions = new GatewaySuspicions(_clock);

    [Fact]
    public void TrySuspect_AnotherGatewayAnswersSince_AvoidsTheSilentOneForASecond()
    {
        long since = _clock.GetTimestamp();
        _suspicions.Heard(Other);

        Assert.True(_suspicions.TrySuspect(Silent, since));

        Assert.True(_suspicions.IsSuspect(Silent));
        Assert.False(_suspicions.IsSuspect(Other));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_suspicions.IsSuspect(Silent));
    }

    /// <summary>The machine is slow, or the only silo restarts: there is no better gateway.</summary>
    [Fact]
    public void TrySuspect_NoOtherGatewayAnswers_AvoidsNone()
    {
        _suspicions.Heard(Other);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(_suspicions.TrySuspect(Silent, _clock.GetTimestamp()));
        Assert.False(_suspicions.IsSuspect(Silent));
    }

    [Fact]
    public void TrySuspect_FailsAgainAndAgain_AvoidsItForLonger()
    {
        foreach (int seconds in (int[])[1, 2, 4, 8, 8])
        {
            _suspicions.Heard(Other);
            Assert.True(_suspicions.TrySuspect(Silent, _clock.GetTimestamp()));
            _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.True(_suspicions.IsSuspect(Silent));
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.False(_suspicions.IsSuspect(Silent));
        }
    }

    [Fact]
    public void Heard_Suspect_IsNoLongerSuspectAndStartsOver()
    {
        _suspicions.Heard(Other);
        _suspicions.TrySuspect(Silent, _clock.GetTimestamp());

        _suspicions.Heard(Silent);

        Assert.False(_suspicions.IsSuspect(Silent));
    }
}
