using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Tests.Sessions;

public sealed class PublicationTests
{
    private const int Epoch = 3;

    private static readonly SessionState State = new() { Status = SessionStatus.Active };

    private Publication _publication;

    [Fact]
    public void Read_Published_ReturnsState()
    {
        _publication.Write(State, Epoch);

        Assert.Same(State, _publication.Read(Epoch));
    }

    [Fact]
    public void Read_OfAnotherEpoch_ReturnsNothing()
    {
        _publication.Write(State, Epoch);

        Assert.Null(_publication.Read(Epoch + 1));
    }

    [Fact]
    public void Read_Withdrawn_ReturnsNothing()
    {
        _publication.Write(State, Epoch);

        _publication.Write(null, Epoch);

        Assert.Null(_publication.Read(Epoch));
    }

    [Fact]
    public void Touch_Earlier_ChangesNothing()
    {
        _publication.Touch(20);
        _publication.Touch(10);

        Assert.Equal(20, _publication.LastUsedAtMs);
    }

    [Fact]
    public async Task Touch_ParallelTouches_KeepsTheLatest()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(
            () =>
            {
                for (int i = 0; i < 10_000; i++)
                {
                    _publication.Touch((i * 4) + thread);
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal(39_999, _publication.LastUsedAtMs);
    }

    /// <summary>A use and the end of the session at its deadline, at the same moment: the reader learns that it came too late, or the grain that it did not.</summary>
    [Fact]
    public async Task Touch_WhileTheOwnerDecidesAboutTheEnd_OneOfThemNoticesTheOther()
    {
        const int Rounds = 3_000;
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var together = new Barrier(2);
        int lost = 0;
        bool keeps = false;
        var reader = Task.Run(
            () =>
            {
                for (int round = 1; round <= Rounds; round++)
                {
                    together.SignalAndWait(cancellation);
                    _publication.Touch(round);
                    keeps = _publication.Read(Epoch) is not null;
                    together.SignalAndWait(cancellation);
                }
            },
            cancellation);

        for (int round = 1; round <= Rounds; round++)
        {
            _publication.LastUsedAtMs = 0;
            _publication.Write(State, Epoch);
            together.SignalAndWait(cancellation);
            _publication.Write(null, Epoch);
            bool ends = _publication.LastUsedAtMs < round;
            together.SignalAndWait(cancellation);
            lost += keeps && ends ? 1 : 0;
        }

        await reader;
        Assert.Equal(0, lost);
    }
}
