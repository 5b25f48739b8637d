using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Listing;

/// <summary>Listing by way of the expiry index, which contains every stored session. The cursor is a shard and a position in it.</summary>
[GrainType("session-list"), StatelessWorker]
internal sealed partial class SessionListGrain(DeadlineIndex index, SessionMetrics metrics, ILogger<SessionListGrain> logger) : Grain, ISessionListGrain
{
    public async ValueTask<SessionListPage> ListAsync(string sessionNamespace, long cursor, int count)
    {
        ArgumentNullException.ThrowIfNull(sessionNamespace);
        ArgumentOutOfRangeException.ThrowIfNegative(cursor);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        count = Math.Min(count, ISessionListGrain.MaxPage);

        var keys = ImmutableArray.CreateBuilder<string>();
        int seen = 0;
        do
        {
            int shard = (int)(cursor % DeadlineIndex.Shards);
            (long next, string[] members) = await index.ScanAsync(shard, cursor / DeadlineIndex.Shards, count);
            seen += members.Length;
            bool[] matches = await Task.WhenAll(members.Select(key => IsInAsync(key, sessionNamespace)));
            keys.AddRange(members.Where((_, i) => matches[i]));
            cursor = next > 0 ? (next * DeadlineIndex.Shards) + shard
                : shard + 1 < DeadlineIndex.Shards ? shard + 1
                : 0;
        }
        while (cursor > 0 && seen < count);

        return new SessionListPage { Cursor = cursor, Keys = keys.DrainToImmutable() };
    }

    private async Task<bool> IsInAsync(string key, string sessionNamespace)
    {
        try
        {
            return (await GrainFactory.GetGrain<ISessionGrain>(key).DescribeAsync())?.Namespace == sessionNamespace;
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or SessionEncryptionException)
        {
            // Damaged, stored by a newer version, or encrypted with a key that a silo lacks. Its namespace is unknown; list the other sessions anyway.
            metrics.Loaded(Outcomes.Error);
            LogUnreadable(logger, key, exception.Message);
            return false;
        }
    }

    [LoggerMessage(230, LogLevel.Warning, "The session {SessionKey} can't be read and is missing from lists: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string sessionKey, string reason);
}
