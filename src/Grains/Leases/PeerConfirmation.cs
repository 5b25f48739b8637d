using Microsoft.Extensions.Logging;

namespace OrleansSessions.Grains.Leases;

/// <summary>Asks the other silos to confirm this silo's lease, while Redis does not.</summary>
internal sealed partial class PeerConfirmation(ILeasePeers peers, ILocalSiloDetails local, TimeProvider time, ILogger<PeerConfirmation> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    /// <summary>Asks all silos of the membership, at once.</summary>
    /// <returns><see cref="LeaseAnswer.Promised"/> if all promise; otherwise the answer that weighs most. Null: there is no other silo.</returns>
    public async Task<LeaseAnswer?> AskAsync(ClusterMembershipSnapshot snapshot)
    {
        LeaseAnswer[] answers = await Task.WhenAll(PeerWatch.PeersOf(snapshot, local.SiloAddress).Select(AskAsync));
        return answers switch
        {
            [] => null,
            _ when answers.Contains(LeaseAnswer.Dead) => LeaseAnswer.Dead,
            _ when answers.Contains(LeaseAnswer.StorageReachable) => LeaseAnswer.StorageReachable,
            _ when answers.Contains(LeaseAnswer.Unsure) => LeaseAnswer.Unsure,
            _ => LeaseAnswer.Promised,
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
            // No answer, for whatever reason: one that got out of here would end the loop that keeps the lease.
            LogNoAnswer(logger, peer, exception.Message);
            return LeaseAnswer.Unsure;
        }
    }

    [LoggerMessage(254, LogLevel.Debug, "The silo {Silo} did not answer a request for a lease: {Reason}")]
    private static partial void LogNoAnswer(ILogger logger, SiloAddress silo, string reason);
}
