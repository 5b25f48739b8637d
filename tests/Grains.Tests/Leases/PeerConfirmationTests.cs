using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Leases;

namespace OrleansSessions.Grains.Tests.Leases;

/// <summary>Lease of a silo while Redis does not answer.</summary>
public sealed class PeerConfirmationTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Outage = TimeSpan.FromHours(1);
    private static readonly SiloAddress[] Silos =
        [.. Enumerable.Range(1, 3).Select(static number => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_110 + number), number))];

    private readonly SessionClusterOptions _options = new();

    [Fact]
    public async Task Ask_AllPeersPromise_KeepsItWithoutLimit() =>
        Assert.Equal(PeerVerdict.Promised, await AskAsync(Outage, LeaseAnswer.Promised, LeaseAnswer.Promised));

    [Fact]
    public async Task Ask_AllPeersPromise_KeepsItUntilTheConfiguredLimit()
    {
        _options.ReadsWithoutRedis = TimeSpan.FromSeconds(10);

        Assert.Equal(PeerVerdict.Promised, await AskAsync(TimeSpan.FromSeconds(10) - Moment, LeaseAnswer.Promised, LeaseAnswer.Promised));
        Assert.Equal(PeerVerdict.Refused, await AskAsync(TimeSpan.FromSeconds(10), LeaseAnswer.Promised, LeaseAnswer.Promised));
    }

    [Fact]
    public async Task Ask_NoPeers_KeepsItUntilAJoiningSiloMayTakeItForDead()
    {
        Assert.Equal(PeerVerdict.Alone, await AskAsync(PeerConfirmation.LoneLimit - Moment));
        Assert.Equal(PeerVerdict.Refused, await AskAsync(PeerConfirmation.LoneLimit));
        Assert.True(PeerConfirmation.LoneLimit + FailureDetection.SignOfLifePeriod < FailureDetection.StaleAfter);
    }

    [Fact]
    public async Task Ask_OnePeerIsUnsure_Refuses() =>
        Assert.Equal(PeerVerdict.Refused, await AskAsync(TimeSpan.Zero, LeaseAnswer.Promised, LeaseAnswer.Unsure));

    [Fact]
    public async Task Ask_OnePeerDoesNotAnswer_Refuses() =>
        Assert.Equal(PeerVerdict.Refused, await AskAsync(TimeSpan.Zero, LeaseAnswer.Promised, null));

    [Fact]
    public async Task Ask_OnePeerReachesRedis_LeavesTheSessionsToIt() =>
        Assert.Equal(PeerVerdict.Contested, await AskAsync(TimeSpan.Zero, LeaseAnswer.Unsure, LeaseAnswer.StorageReachable));

    [Fact]
    public async Task Ask_OnePeerKnowsOfItsDeath_IsDead() =>
        Assert.Equal(PeerVerdict.Dead, await AskAsync(TimeSpan.Zero, LeaseAnswer.StorageReachable, LeaseAnswer.Dead));

    private Task<PeerVerdict> AskAsync(TimeSpan unconfirmed, params LeaseAnswer?[] answers)
    {
        SiloAddress[] members = Silos[..(answers.Length + 1)];
        Peers peers = new(members[1..].Zip(answers).ToDictionary(static pair => pair.First, static pair => pair.Second));
        PeerConfirmation confirmation = new(peers, new LocalSilo(members[0]), TimeProvider.System, Options.Create(_options), NullLogger<PeerConfirmation>.Instance);
        ClusterMembershipSnapshot snapshot = new(
            members.ToImmutableDictionary(static silo => silo, static silo => new ClusterMember(silo, SiloStatus.Active, "silo")), new MembershipVersion(1));
        return confirmation.AskAsync(snapshot, unconfirmed);
    }

    private sealed class Peers(Dictionary<SiloAddress, LeaseAnswer?> answers) : ILeasePeers
    {
        public ILeasePeer On(SiloAddress silo) => new Peer(answers[silo]);

        private sealed class Peer(LeaseAnswer? answer) : ILeasePeer
        {
            public Task<LeaseAnswer> PromiseAsync(SiloAddress holder) =>
                answer is { } given ? Task.FromResult(given) : Task.FromException<LeaseAnswer>(new TimeoutException("No answer."));

            public Task PingAsync() => throw new NotSupportedException();
        }
    }

    private sealed class LocalSilo(SiloAddress address) : ILocalSiloDetails
    {
        public string Name => "silo";

        public string ClusterId => "cluster";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => address;

        public SiloAddress GatewayAddress => address;
    }
}
