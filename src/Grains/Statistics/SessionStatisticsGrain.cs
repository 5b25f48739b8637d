using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Statistics;

/// <inheritdoc cref="ISessionStatisticsGrain"/>
[GrainType("session-statistics"), StatelessWorker]
internal sealed partial class SessionStatisticsGrain(
    IClusterMembershipService membership, SiloCountsClient silos, DeadlineIndex index, TimeProvider time, ILogger<SessionStatisticsGrain> logger)
    : Grain, ISessionStatisticsGrain
{
    public async ValueTask<SessionStatistics> CountAsync()
    {
        Task<long> stored = index.CountAsync();
        SiloStatistics[] counts = await Task.WhenAll(membership.CurrentSnapshot.Members.Values
            .Where(static member => member.Status == SiloStatus.Active)
            .OrderBy(static member => member.Name, StringComparer.Ordinal)
            .Select(CountAsync));
        return new SessionStatistics { At = time.GetUtcNow(), Stored = await stored, Silos = [.. counts] };
    }

    private async Task<SiloStatistics> CountAsync(ClusterMember member)
    {
        try
        {
            return await silos.On(member.SiloAddress).CountAsync();
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            // It is stopping or dead, or its version doesn't count.
            LogNotCounted(logger, member.Name, exception.Message);
            return new SiloStatistics { Silo = member.Name };
        }
    }

    [LoggerMessage(290, LogLevel.Debug, "The silo {Silo} is missing from the statistics. {Reason}")]
    private static partial void LogNotCounted(ILogger logger, string silo, string reason);
}
