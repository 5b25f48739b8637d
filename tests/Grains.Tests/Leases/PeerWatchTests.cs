using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Grains.Leases;

namespace OrleansSessions.Grains.Tests.Leases;

/// <summary>Which silo declares which one dead. The watching silo has generation 2.</summary>
public sealed class PeerWatchTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly FakeTimeProvider _clock = new();
    private readonly SiloAddress _older = Address(1);
    private readonly SiloAddress _younger = Address(3);
    private readonly FakePeers _peers = new();
    private readonly FakeMembership _membership;
    private readonly StampHistory _history;
    private readonly PeerWatch _watch;
    private long _stamp;

    public PeerWatchTests()
    {
        _history = new StampHistory(_clock);
        _membership = new FakeMembership(Address(2), _older, _younger);
        _watch = new PeerWatch(_history, _membership, _membership, _peers, _clock, NullLogger<PeerWatch>.Instance);
    }

    [Fact]
    public async Task Look_AllAnswer_DeclaresNoSiloDead()
    {
        await LookForAsync(TimeSpan.FromSeconds(20));

        Assert.Empty(_membership.Killed);
    }

    [Fact]
    public async Task Look_YoungerOneNeverAnswers_DeclaresItDead()
    {
        _peers.Delays[_younger] = Timeout.InfiniteTimeSpan;

        await LookForAsync(TimeSpan.FromSeconds(5));

        Assert.Equal([_younger], _membership.Killed);
    }

    /// <summary>A promise may have forbidden it, or another change of the table may have come first.</summary>
    [Fact]
    public async Task Look_DeclarationHasNoEffect_MakesItAgain()
    {
        _peers.Delays[_younger] = Timeout.InfiniteTimeSpan;

        await LookForAsync(TimeSpan.FromSeconds(8));

        Assert.InRange(_membership.Killed.Count, 2, 4);
        Assert.All(_membership.Killed, killed => Assert.Equal(_younger, killed));
    }

    [Fact]
    public async Task Look_OlderOneDoesNotAnswer_LeavesTheDecisionToItAtFirst()
    {
        _peers.Delays[_older] = Timeout.InfiniteTimeSpan;

        await LookForAsync(TimeSpan.FromSeconds(5));

        Assert.Empty(_membership.Killed);
    }

    /// <summary>For example because it is stopping: Orleans lets no such silo declare others dead.</summary>
    [Fact]
    public async Task Look_OlderOneDoesNotDecide_DeclaresItDead()
    {
        _peers.Delays[_older] = Timeout.InfiniteTimeSpan;

        await LookForAsync(TimeSpan.FromSeconds(6));

        Assert.Equal([_older], _membership.Killed);
    }

    [Fact]
    public async Task Look_OlderOneIsLeavingAndDoesNotAnswer_DeclaresItDead()
    {
        _membership.Statuses[_older] = SiloStatus.ShuttingDown;
        _peers.Delays[_older] = Timeout.InfiniteTimeSpan;

        await LookForAsync(TimeSpan.FromSeconds(5));

        Assert.Equal([_older], _membership.Killed);
    }

    /// <summary>It no longer renews its lease at the end.</summary>
    [Fact]
    public async Task Look_LeavingOnesStampStandsStill_LeavesItAlive()
    {
        _membership.Statuses[_older] = SiloStatus.ShuttingDown;

        await LookForAsync(TimeSpan.FromSeconds(10), isStill: true);

        Assert.Empty(_membership.Killed);
    }

    [Fact]
    public async Task Look_NoneAnswers_DeclaresNoSiloDead()
    {
        _peers.Delays[_younger] = Timeout.InfiniteTimeSpan;
        _peers.Delays[_older] = Timeout.InfiniteTimeSpan;

        await LookForAsync(TimeSpan.FromSeconds(20));

        Assert.Empty(_membership.Killed);
    }

    [Fact]
    public async Task Look_YoungerOneAnswersLateEachTime_LeavesItAlive()
    {
        _peers.Delays[_younger] = TimeSpan.FromSeconds(3);

        await LookForAsync(TimeSpan.FromSeconds(20));

        Assert.Empty(_membership.Killed);
    }

    /// <summary>With one peer no silo is pinged, so its silence means nothing.</summary>
    [Fact]
    public async Task Look_SecondPeerJoinsAfterAWhile_DeclaresNoSiloDead()
    {
        await LookForAsync(TimeSpan.FromSeconds(2));
        await LookForAsync(TimeSpan.FromSeconds(10), without: _older);

        await LookForAsync(TimeSpan.FromSeconds(10));

        Assert.Empty(_membership.Killed);
    }

    [Fact]
    public async Task Look_AfterItsOwnPause_DeclaresNoSiloDead()
    {
        await LookForAsync(TimeSpan.FromSeconds(2));
        _clock.Advance(TimeSpan.FromSeconds(30));

        await LookForAsync(TimeSpan.FromSeconds(10));

        Assert.Empty(_membership.Killed);
    }

    [Fact]
    public async Task Look_StampStandsStill_DeclaresItsSiloDead()
    {
        await LookForAsync(TimeSpan.FromSeconds(3.5), isStill: true);

        Assert.Equal([_older], _membership.Killed);
    }

    private static SiloAddress Address(int generation) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_110 + generation), generation);

    private async Task LookForAsync(TimeSpan length, bool isStill = false, SiloAddress? without = null)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < length; passed += Period)
        {
            _clock.Advance(Period);
            _peers.AnswerUntil(_clock.GetUtcNow());
            _stamp++;
            _history.Look(new Dictionary<string, long> { [_older.ToParsableString()] = isStill ? 1 : _stamp, [_younger.ToParsableString()] = _stamp });
            _peers.Now = _clock.GetUtcNow();
            await _watch.LookAsync(_membership.Without(without));
        }
    }

    private sealed class FakeMembership(params SiloAddress[] silos) : IClusterMembershipService, ILocalSiloDetails
    {
        public List<SiloAddress> Killed { get; } = [];

        /// <summary>Those of the silos that are not active.</summary>
        public Dictionary<SiloAddress, SiloStatus> Statuses { get; } = [];

        public ClusterMembershipSnapshot CurrentSnapshot => new(
            silos.ToImmutableDictionary(static silo => silo, silo => new ClusterMember(silo, Statuses.GetValueOrDefault(silo, SiloStatus.Active), "silo")),
            new MembershipVersion(1));

        public ClusterMembershipSnapshot Without(SiloAddress? silo) => new(
            CurrentSnapshot.Members.Where(member => !member.Key.Equals(silo)).ToImmutableDictionary(), CurrentSnapshot.Version);

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public string Name => "silo";

        public string ClusterId => "cluster";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => silos[0];

        public SiloAddress GatewayAddress => silos[0];

        public ValueTask Refresh(MembershipVersion minimumVersion, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public Task<bool> TryKill(SiloAddress siloAddress)
        {
            Killed.Add(siloAddress);
            return Task.FromResult(true);
        }
    }

    private sealed class FakePeers : ILeasePeers
    {
        private readonly List<(DateTimeOffset At, TaskCompletionSource Answer)> _waiting = [];

        public Dictionary<SiloAddress, TimeSpan> Delays { get; } = [];

        public DateTimeOffset Now { get; set; }

        public ILeasePeer On(SiloAddress silo) => new FakePeer(this, Delays.GetValueOrDefault(silo));

        public void AnswerUntil(DateTimeOffset now)
        {
            foreach ((DateTimeOffset _, TaskCompletionSource answer) in _waiting.Where(ping => ping.At <= now))
            {
                answer.TrySetResult();
            }
        }

        private sealed class FakePeer(FakePeers peers, TimeSpan delay) : ILeasePeer
        {
            public Task<LeaseAnswer> PromiseAsync(SiloAddress holder) => throw new NotSupportedException();

            public Task PingAsync()
            {
                var answer = new TaskCompletionSource();
                if (delay == TimeSpan.Zero)
                {
                    answer.SetResult();
                }
                else if (delay > TimeSpan.Zero)
                {
                    peers._waiting.Add((peers.Now + delay, answer));
                }

                return answer.Task;
            }
        }
    }
}
