using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansSessions.Grains.Leases;

/// <summary>
/// Failure detector for cases that Orleans' probes miss: a silo whose stamp stands still although this silo reaches Redis, and, of two silos that can't reach each
/// other while others reach both, the one that is leaving, or the younger one. The other one declares it dead. If that can't, as Orleans allows no silo that is
/// stopping to do so, it is declared dead in turn.
/// </summary>
internal sealed partial class PeerWatch(
    StampHistory history, IClusterMembershipService membership, ILocalSiloDetails local, ILeasePeers peers, TimeProvider time, ILogger<PeerWatch> logger)
{
    /// <summary>How long a stamp stands still before its silo is declared dead: longer than its lease, and than stalls on a crowded machine.</summary>
    private static readonly TimeSpan LongestStandstill = TimeSpan.FromSeconds(3);

    /// <summary>How long a peer may be unreachable before this is resolved: longer than Orleans' own probes need where they detect it.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(4);

    /// <summary>How much longer an older silo may be unreachable: time for it to declare this one dead.</summary>
    private static readonly TimeSpan Precedence = TimeSpan.FromSeconds(1);

    /// <summary>When a declaration is repeated if its silo is still alive: a promise may have forbidden it, or another change of the table may have come first.</summary>
    private static readonly TimeSpan Repetition = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PingPeriod = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<SiloAddress, long> _heard = new();

    /// <summary>When each silo was last declared dead.</summary>
    private readonly Dictionary<SiloAddress, long> _condemned = [];
    private long _lastPing;

    /// <summary>Returns the silos that can declare this one dead, and that it asks for a lease while Redis is away.</summary>
    public static IEnumerable<SiloAddress> PeersOf(ClusterMembershipSnapshot snapshot, SiloAddress silo) =>
        snapshot.Members.Values
            .Where(member => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping && !member.SiloAddress.Equals(silo))
            .Select(static member => member.SiloAddress);

    /// <summary>Checks all peers. Called each time this silo has confirmed its lease in Redis; not concurrent.</summary>
    public async Task LookAsync(ClusterMembershipSnapshot snapshot)
    {
        SiloAddress[] running = [.. PeersOf(snapshot, local.SiloAddress)];

        // First, because it resets the silence of peers that were not watched for a while.
        Ping(running);
        SiloAddress[] still = [.. running.Where(silo => !IsLeaving(snapshot, silo) && StandstillOf(silo) > LongestStandstill)];
        SiloAddress[] silent = FindSilent(snapshot, running);
        foreach (SiloAddress pardoned in _condemned.Keys.Except(still.Union(silent)).ToArray())
        {
            _condemned.Remove(pardoned);
        }

        foreach (SiloAddress silo in still.Union(silent))
        {
            await CondemnAsync(silo, standsStill: still.Contains(silo));
        }
    }

    private async Task CondemnAsync(SiloAddress silo, bool standsStill)
    {
        bool isKnown = _condemned.TryGetValue(silo, out long declared);
        if (isKnown && time.GetElapsedTime(declared) <= Repetition)
        {
            return;
        }

        if (!isKnown && standsStill)
        {
            LogStandsStill(logger, silo, StandstillOf(silo).TotalSeconds);
        }
        else if (!isKnown)
        {
            LogSilent(logger, silo, LongestSilence.TotalSeconds);
        }

        _condemned[silo] = time.GetTimestamp();
        await membership.TryKill(silo);
    }

    private TimeSpan StandstillOf(SiloAddress silo) => history.StandsStill(silo.ToParsableString());

    /// <summary>
    /// Returns the silos that this one can't reach: at first those that are younger or leaving, later older ones too. With one peer, Orleans' probes decide. With more,
    /// its indirect probes keep two silos alive that can't reach each other, and calls between them fail.
    /// </summary>
    private SiloAddress[] FindSilent(ClusterMembershipSnapshot snapshot, SiloAddress[] running)
    {
        long now = time.GetTimestamp();
        SiloAddress[] silent = [.. running.Where(silo => _heard.TryGetValue(silo, out long heard) && time.GetElapsedTime(heard, now) > LongestSilence)];
        bool isCutOffItself = (running.Length - silent.Length) * 2 < running.Length;
        return running.Length < 2 || isCutOffItself
            ? []
            : [.. silent.Where(silo => IsYounger(silo) || IsLeaving(snapshot, silo) || time.GetElapsedTime(_heard[silo], now) > LongestSilence + Precedence)];
    }

    private static bool IsLeaving(ClusterMembershipSnapshot snapshot, SiloAddress silo) => snapshot.GetSiloStatus(silo) != SiloStatus.Active;

    private bool IsYounger(SiloAddress silo) =>
        (silo.Generation, silo.ToParsableString()).CompareTo((local.SiloAddress.Generation, local.SiloAddress.ToParsableString())) > 0;

    private void Ping(SiloAddress[] running)
    {
        if (running.Length < 2 || time.GetElapsedTime(_lastPing) < PingPeriod)
        {
            return;
        }

        // New silos, and those not watched for a while, get time to answer.
        bool wasPaused = time.GetElapsedTime(_lastPing) > LongestSilence / 2;
        _lastPing = time.GetTimestamp();
        foreach (SiloAddress silo in running)
        {
            if (wasPaused || !_heard.ContainsKey(silo))
            {
                _heard[silo] = _lastPing;
            }
        }

        foreach (SiloAddress gone in _heard.Keys.Except(running).ToArray())
        {
            _heard.TryRemove(gone, out _);
        }

        foreach (SiloAddress silo in running)
        {
            PingAsync(silo).Ignore();
        }
    }

    /// <summary>
    /// Pings without a time limit: a slow silo answers late, and an unreachable one never does. So the next ping doesn't wait for this one.
    /// </summary>
    private async Task PingAsync(SiloAddress silo)
    {
        try
        {
            await peers.On(silo).PingAsync();
            _heard[silo] = time.GetTimestamp();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            LogNoAnswer(logger, silo, exception.Message);
        }
    }

    [LoggerMessage(
        260,
        LogLevel.Warning,
        "The silo {Silo} has not renewed its lease for {Seconds:0.0} s, while this silo reaches Redis. Declaring it dead; its sessions are taken over.")]
    private static partial void LogStandsStill(ILogger logger, SiloAddress silo, double seconds);

    [LoggerMessage(261, LogLevel.Warning, "The silo {Silo} has not answered for {Seconds} s, while other silos do. Declaring it dead; its sessions are taken over.")]
    private static partial void LogSilent(ILogger logger, SiloAddress silo, double seconds);

    [LoggerMessage(262, LogLevel.Debug, "The silo {Silo} did not answer a ping: {Reason}")]
    private static partial void LogNoAnswer(ILogger logger, SiloAddress silo, string reason);
}
