using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Expiry;

/// <summary>Watches one shard of the <see cref="DeadlineIndex"/>. The key is the shard's number.</summary>
[Alias("session.expiry-shard")]
internal interface IExpiryShardGrain : IGrainWithIntegerKey
{
    /// <summary>Registers the reminder that keeps the shard watched, and starts watching.</summary>
    [Alias("start")]
    Task StartAsync();

    /// <summary>Asks every session whose indexed deadline has come.</summary>
    /// <returns>The number of sessions asked.</returns>
    [Alias("sweep")]
    Task<int> SweepAsync();
}
