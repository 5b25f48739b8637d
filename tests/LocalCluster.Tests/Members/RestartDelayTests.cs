using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Tests.Members;

public sealed class RestartDelayTests
{
    [Fact]
    public void RestartDelay_ProcessesThatDoNotLast_GrowsToALimit()
    {
        var delay = new RestartDelay();

        var delays = Enumerable.Range(0, 8).Select(_ => delay.After(TimeSpan.FromSeconds(1)).TotalSeconds);

        Assert.Equal([0.5, 1, 2, 4, 8, 10, 10, 10], delays);
    }

    [Fact]
    public void RestartDelay_AProcessThatLasted_IsShortAgain()
    {
        var delay = new RestartDelay();
        delay.After(TimeSpan.Zero);
        delay.After(TimeSpan.Zero);

        Assert.Equal(TimeSpan.FromSeconds(0.5), delay.After(TimeSpan.FromMinutes(5)));
    }
}
