using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.Client.Tests;

public sealed class CreationRouteTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Route_Refused_IsTriedAgainAfterASecond()
    {
        var route = new CreationRoute(_time);
        bool atFirst = route.IsOpen;

        route.Close();
        bool afterwards = route.IsOpen;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((true, false, true), (atFirst, afterwards, route.IsOpen));
    }

    [Fact]
    public void GrainKey_ManySessions_AreSpreadEvenly()
    {
        var counts = Enumerable.Range(0, 16_000)
            .CountBy(static _ => CreationRoute.GrainKeyFor(SessionKey.For("", SessionToken.Create())))
            .ToDictionary();

        Assert.Equal(16, counts.Count);
        Assert.All(counts.Values, static count => Assert.InRange(count, 800, 1_200));
    }
}
