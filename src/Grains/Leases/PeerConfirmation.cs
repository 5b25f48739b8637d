using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Grains.Configuration;

namespace OrleansSessions.Grains.Leases;

/// <summary>Lease decision together with the other silos, while Redis does not confirm the lease.</summary>
internal sealed partial class PeerConfirmation(
    ILeasePeers peers, ILocalSiloDetails local, TimeProvider time, IOptions<SessionClusterOptions> options, ILogger<PeerConfirmation> logger)
{
    /// <summary>
    /// How long a silo without peers keeps its lease: less than a joining silo waits before it considers an old entry dead (<see cref="FailureDetection"/>), with a
    /// margin for the clocks.
    /// </summary>
    public static readonly TimeSpan LoneLimit = FailureDetection.StaleAfter - FailureDetection.SignOfLifePeriod - TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    private readonly TimeSpan _vouchedLimit = options.Value.ReadsWithoutRedis ?? TimeSpan.MaxValue;

    /// <summary>Asks all silos in the membership at once.</summary>
    /// <param name="snapshot">The membership.</param>
    /// <param name="unconfirmed">The time since Redis last confirmed the lease.</param>
    public async Task<PeerVerdict> AskAsync(ClusterMembershipSnapshot snapshot, TimeSpan unconfirmed)
    {
        LeaseAnswer[] answers = await Task.WhenAll(PeerWatch.PeersOf(snapshot, local.SiloAddress).Select(AskAsync));
        return answers switch
        {
            [] => unconfirmed < LoneLimit ? PeerVerdict.Alone : PeerVerdict.Refused,
            _ when answers.Contains(LeaseAnswer.Dead) => PeerVerdict.Dead,
            _ when answers.Contains(LeaseAnswer.StorageReachable) => PeerVerdict.Contested,
            _ when answers.Contains(LeaseAnswer.Unsure) => PeerVerdict.Refused,
            _ => unconfirmed < _vouchedLimit ? PeerVerdict.Promised : PeerVerdict.Refused,
        };
    }

    private async Task<LeaseAnswer> AskAsync(SiloAddress peer)
    {
        try
        {
            return await peers.On(peer).PromiseAsync(local.SiloAddress).WaitAsync(Patience, time);
        }
        catch (Exception exception)
        {
            // An escaping exception would end the loop that keeps the lease.
            LogNoAnswer(logger, peer, exception.Message);
            return LeaseAnswer.Unsure;
        }
    }

    [LoggerMessage(254, LogLevel.Debug, "The silo {Silo} did not answer a request for a lease: {Reason}")]
    private static partial void LogNoAnswer(ILogger logger, SiloAddress silo, string reason);
}
