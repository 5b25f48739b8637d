using StackExchange.Redis;

namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>Baseline for stored sessions: the same entries as one hash per session with a TTL.</summary>
internal static class PlainHashes
{
    private const int Batch = 1_000;
    private const int EntryCount = 4;
    private static readonly TimeSpan TimeToLive = TimeSpan.FromHours(1);

    /// <returns>Bytes per session.</returns>
    public static async Task<double> MeasureAsync(int sessions)
    {
        await using var store = await GrowthStore.StartAsync($"growth-plain-{sessions}");
        long before = await store.UsedBytesAsync();
        IDatabase database = store.Database;
        RedisValue entry = new string('x', 100);
        HashEntry[] fields = [new("counter", "0"), .. Enumerable.Range(0, EntryCount).Select(i => new HashEntry($"entry{i}", entry))];
        for (int i = 0; i < sessions; i += Batch)
        {
            IBatch batch = database.CreateBatch();
            List<Task> tasks = [];
            for (int j = i; j < Math.Min(i + Batch, sessions); j++)
            {
                string key = $"session:{j:D43}";
                tasks.Add(batch.HashSetAsync(key, fields));
                tasks.Add(batch.KeyExpireAsync(key, TimeToLive));
            }

            batch.Execute();
            await Task.WhenAll(tasks);
        }

        return (double)(await store.UsedBytesAsync() - before) / sessions;
    }
}
