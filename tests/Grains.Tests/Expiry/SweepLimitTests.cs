using OrleansSessions.Grains.Expiry;

namespace OrleansSessions.Grains.Tests.Expiry;

public sealed class SweepLimitTests
{
    private static readonly TimeSpan Alone = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan TooLong = Alone * SweepLimit.Tolerance * 1.1;

    private readonly SweepLimit _limit = new();

    [Fact]
    public void Limit_OfASweepThatStarts_IsLow() => Assert.Equal(SweepLimit.Least, _limit.AtOnce);

    [Fact]
    public void Calls_ThatTakeNoLongerTogether_RunManyAtOnceAndNeverMore()
    {
        List<int> limits = [.. Enumerable.Range(0, SweepLimit.WindowsBetweenProbes - 1).Select(_ => RunWindow(Alone))];

        Assert.Equal(SweepLimit.Most, limits.Max());
        Assert.Equal(limits.Order(), limits);
    }

    [Fact]
    public void Calls_ThatTakeLongerTogether_RunFewerAtOnce()
    {
        while (RunWindow(Alone) < SweepLimit.Most)
        {
        }

        Assert.Equal(SweepLimit.Most * 3 / 4, RunWindow(TooLong));
        Assert.Equal(SweepLimit.Least, Enumerable.Range(0, 10).Select(_ => RunWindow(TooLong)).Min());
    }

    [Fact]
    public void Limit_DuringAProbe_IsLowAndThenAsBefore()
    {
        List<int> limits = [SweepLimit.Least, .. Enumerable.Range(0, SweepLimit.WindowsBetweenProbes + 1).Select(_ => RunWindow(Alone))];

        Assert.Equal([SweepLimit.Most, SweepLimit.Least, SweepLimit.Most], limits[^3..]);
    }

    /// <summary>A Redis that has become slower must not slow down the sweep for ever.</summary>
    [Fact]
    public void Calls_ThatTakeLongerEvenAlone_RunManyAtOnceAfterTheNextProbe()
    {
        RunWindow(Alone);
        List<int> limits = [.. Enumerable.Range(0, SweepLimit.WindowsBetweenProbes + SweepLimit.Most).Select(_ => RunWindow(TooLong * 5))];

        Assert.Equal(SweepLimit.Least, limits[SweepLimit.Most]);
        Assert.Equal(SweepLimit.Most, limits[^1]);
    }

    /// <returns>The limit after a window of calls.</returns>
    private int RunWindow(TimeSpan duration)
    {
        for (int call = 0; call < SweepLimit.WindowCalls; call++)
        {
            _limit.Add(duration);
        }

        return _limit.AtOnce;
    }
}
