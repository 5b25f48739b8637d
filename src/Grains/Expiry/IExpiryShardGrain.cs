using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Expiry;

/// <summary>Sweeper of one shard of the <see cref="DeadlineIndex"/>. The key is the shard's number.</summary>
[Alias("session.expiry-shard")]
internal interface IExpiryShardGrain : IGrainWithIntegerKey
{
    /// <summary>Registers the reminder that keeps the shard active, and starts sweeping.</summary>
    [Alias("start")]
    Task StartAsync();

    /// <summary>Asks every session whose indexed deadline has passed.</summary>
    /// <returns>The number of sessions asked.</returns>
    [Alias("sweep")]
    Task<int> SweepAsync();
}
