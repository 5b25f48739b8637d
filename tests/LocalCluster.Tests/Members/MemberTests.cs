using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Logs;
using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Tests.Members;

public sealed class MemberTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeProbe _probe = new();
    private readonly CancellationTokenSource _forceStop = new();
    private readonly Channel<MemberStatus> _statuses = Channel.CreateUnbounded<MemberStatus>();

    [Fact]
    public async Task Member_ProbeSucceeds_IsReadyUnderItsProcessId()
    {
        using var member = Create(new FakeStarter());

        member.Start();
        await member.Ready;

        Assert.Equal((MemberState.Ready, 100), (member.Status.State, member.Status.ProcessId));
        await member.StopAsync();
    }

    [Fact]
    public async Task Member_ProbeFailsAndSucceedsAgain_ShowsBoth()
    {
        using var member = Create(new FakeStarter());
        member.Start();
        await member.Ready;

        _probe.Ready = false;
        var failed = await UntilAsync(MemberState.NotReady);
        _probe.Ready = true;
        await UntilAsync(MemberState.Ready);

        Assert.True(failed.IsServing);
        await member.StopAsync();
    }

    [Fact]
    public async Task Member_AnswersThatItIsNotReady_IsAnswering()
    {
        _probe.Ready = false;
        using var member = Create(new FakeStarter());

        member.Start();

        await member.Answering;
        Assert.Equal(MemberState.Starting, member.Status.State);
        await member.StopAsync();
    }

    [Fact]
    public async Task Member_EndsBeforeItIsReady_FailsTheStart()
    {
        _probe.Ready = false;
        var starter = new FakeStarter();
        using var member = Create(starter, restart: true);
        member.Start();

        starter.Started[0].Exit(3);

        var failure = await Assert.ThrowsAsync<ClusterStartException>(() => member.Ready);
        Assert.Contains("silo-1 ended with exit code 3", failure.Message);
        Assert.Single(starter.Started);
    }

    [Fact]
    public async Task Member_CannotBeStarted_FailsTheStartWithTheReason()
    {
        using var member = Create(new FakeStarter { Fails = true }, restart: true);

        member.Start();

        Assert.Equal("no such program", (await Assert.ThrowsAsync<ClusterStartException>(() => member.Ready)).Message);
        Assert.Equal(MemberState.Ended, member.Status.State);
    }

    [Fact]
    public async Task Member_Killed_StaysDead()
    {
        var starter = new FakeStarter();
        using var member = Create(starter);
        member.Start();
        await member.Ready;

        starter.Started[0].Exit(137);
        var ended = await UntilAsync(MemberState.Ended);

        Assert.Equal(((int?)137, (int?)null), (ended.ExitCode, ended.ProcessId));
        await member.StopAsync();
        Assert.Single(starter.Started);
        Assert.Equal(MemberState.Ended, member.Status.State);
    }

    [Fact]
    public async Task Member_KilledAndToBeRestarted_RunsAgainInANewProcess()
    {
        var starter = new FakeStarter();
        using var member = Create(starter, restart: true);
        member.Start();
        await member.Ready;

        starter.Started[0].Exit(137);
        await UntilAsync(MemberState.Restarting);
        var again = await UntilAsync(MemberState.Ready);

        Assert.Equal(101, again.ProcessId);
        await member.StopAsync();
    }

    [Fact]
    public async Task Member_ThatAsksToBeStartedAgain_IsStartedAgainWithoutRestart()
    {
        var starter = new FakeStarter();
        using var member = Create(starter, restart: false);
        member.Start();
        await member.Ready;

        starter.Started[0].Exit(75);
        await UntilAsync(MemberState.Restarting);
        var again = await UntilAsync(MemberState.Ready);

        Assert.Equal(101, again.ProcessId);
        await member.StopAsync();
    }

    [Fact]
    public async Task Stop_OfAMemberThatWaitsForItsRestart_StartsNothing()
    {
        var starter = new FakeStarter();
        using var member = Create(starter, restart: true);
        member.Start();
        await member.Ready;
        starter.Started[0].Exit(137);
        await foreach (var status in _statuses.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (status.State is MemberState.Restarting)
            {
                break;
            }
        }

        await member.StopAsync();

        Assert.Single(starter.Started);
        Assert.Equal(MemberState.Stopped, member.Status.State);
    }

    [Fact]
    public async Task Stop_OfAProcessThatObeys_IsGraceful()
    {
        var starter = new FakeStarter();
        using var member = Create(starter, restart: true);
        member.Start();
        await member.Ready;

        await member.StopAsync();

        Assert.True(starter.Started[0].StopRequested);
        Assert.Equal((MemberState.Stopped, 0), (member.Status.State, member.Status.ExitCode));
        Assert.Single(starter.Started);
    }

    [Fact]
    public async Task Stop_OfAProcessThatHangs_KillsItAfterAWhile()
    {
        using var member = Create(new FakeStarter { ProcessesObey = false });
        member.Start();
        await member.Ready;

        var stop = member.StopAsync();
        await UntilAsync(MemberState.Stopped);
        await stop;

        Assert.Equal(137, member.Status.ExitCode);
        Assert.True(_time.GetUtcNow() - _time.Start >= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Stop_Forced_KillsAtOnce()
    {
        using var member = Create(new FakeStarter { ProcessesObey = false });
        member.Start();
        await member.Ready;

        var stop = member.StopAsync();
        await _forceStop.CancelAsync();
        await stop;

        Assert.Equal(137, member.Status.ExitCode);
    }

    [Fact]
    public async Task Stop_BeforeItIsReady_CancelsTheWait()
    {
        _probe.Ready = false;
        using var member = Create(new FakeStarter());
        member.Start();

        await member.StopAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => member.Ready);
    }

    public void Dispose()
    {
        _forceStop.Dispose();
        _temporary.Dispose();
    }

    private Member Create(FakeStarter starter, bool restart = false)
    {
        var definition = new MemberDefinition
        {
            Name = "silo-1",
            Role = MemberRole.Silo,
            Assembly = "Silo.dll",
            Url = new Uri("http://127.0.0.1:20000"),
            Settings = new Dictionary<string, string>(),
        };
        var member = new Member(definition, new LogFile(_temporary.File("silo-1.log"), _time), starter, _probe, _time, restart, _forceStop.Token);
        member.Changed += (_, status) => _statuses.Writer.TryWrite(status);
        return member;
    }

    // Advances time in steps until the member reaches the state, because a delay may begin at any moment.
    private async Task<MemberStatus> UntilAsync(MemberState state)
    {
        while (true)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            while (_statuses.Reader.TryRead(out var status))
            {
                if (status.State == state)
                {
                    return status;
                }
            }

            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
