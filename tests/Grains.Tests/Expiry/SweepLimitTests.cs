using OrleansSessions.Grains.Expiry;

namespace OrleansSessions.Grains.Tests.Expiry;

public sealed class SweepLimitTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Long = Short * SweepLimit.Tolerance * 1.1;

    private readonly SweepLimit _limit = new();

    [Fact]
    public void Limit_OfASweepThatStarts_IsLow() => Assert.Equal(SweepLimit.Least, _limit.AtOnce);

    [Fact]
    public void Calls_ThatTakeNoLongerTogether_RunManyAtOnceAndNeverMore()
    {
        int[] limits = RunWindows(SweepLimit.WindowsBetweenProbes - 1, static _ => Short);

        Assert.Equal(SweepLimit.Most, limits[^1]);
        Assert.Equal(limits.Order(), limits);
    }

    [Fact]
    public void Calls_ThatTakeTooLongIfTooManyRun_RunAlmostThatMany()
    {
        const int good = 8;
        int[] limits = RunWindows(10 * SweepLimit.WindowsBetweenProbes, static atOnce => atOnce > good ? Long : Short);

        Assert.Equal(good + 1, limits.Max());
        Assert.InRange(limits.Average(), good - 2, good);
    }

    [Fact]
    public void Limit_DuringAProbe_IsLowAndThenAsBefore()
    {
        int[] limits = RunWindows(SweepLimit.WindowsBetweenProbes + 1, static _ => Short);

        Assert.Equal([SweepLimit.Most, SweepLimit.Least, SweepLimit.Most], limits[^3..]);
    }

    /// <summary>Event handlers or a Redis that have become slower must not hold the sweep at its slowest.</summary>
    [Fact]
    public void Calls_ThatHaveBecomeSlowerEvenAlone_RunManyAtOnceAgain()
    {
        RunWindows(SweepLimit.Most, static _ => Short);

        int[] limits = RunWindows(SweepLimit.WindowsBetweenProbes / 2, static _ => Long * 10);

        Assert.Contains(SweepLimit.Least, limits);
        Assert.Equal(SweepLimit.Most, limits[^1]);
    }

    [Fact]
    public void Calls_OfAnEarlierWindow_DoNotCount()
    {
        RunWindows(1, static _ => Short);
        for (int call = 0; call < 100 * SweepLimit.WindowCalls; call++)
        {
            _limit.Add(Long, _limit.Window - 1);
        }

        Assert.Equal([SweepLimit.Least + 1], RunWindows(1, static _ => Short));
    }

    /// <returns>The limit after each window of calls.</returns>
    private int[] RunWindows(int windows, Func<int, TimeSpan> duration)
    {
        List<int> limits = [];
        while (limits.Count < windows)
        {
            for (int call = 0; call < SweepLimit.WindowCalls; call++)
            {
                _limit.Add(duration(_limit.AtOnce), _limit.Window);
            }

            limits.Add(_limit.AtOnce);
        }

        return [.. limits];
    }
}
