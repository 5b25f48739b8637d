using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;
using StackExchange.Redis.Profiling;

namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>A session's entry in the expiry index, sent with its state.</summary>
public sealed class IndexedDeadlineTests : StorageOnGarnet
{
    /// <summary>One round trip for both where the server preserves their order, otherwise two. A server may answer the first before a busy machine sends the second.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_NewDeadline_SendsTheIndexEntryFirstAndWaitsForItOnlyOnSeveralServers(bool sharded)
    {
        SessionGrainStorage storage = await StartAsync(sharded);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);

        bool alwaysWaits = true;
        for (int i = 1; alwaysWaits && i <= 20; i++)
        {
            IProfiledCommand[] commands = await ProfileAsync(() => storage.WriteStateAsync("session", Id, record.With(Active(1 + i), deadlineMs: 5_000 - i)));

            IProfiledCommand entry = commands.Single(static command => command.Command == "ZADD");
            IProfiledCommand state = commands.Single(static command => command.Command.StartsWith("EVAL", StringComparison.Ordinal));
            Assert.True(entry.CommandCreated < state.CommandCreated, "The index entry is sent first.");
            alwaysWaits = state.CommandCreated >= entry.CommandCreated + entry.ElapsedTime;
        }

        Assert.Equal(sharded, alwaysWaits);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_OtherDeadlines_MoveTheIndexEntryToEarlierTimesOnly(bool sharded)
    {
        SessionGrainStorage storage = await StartAsync(sharded);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);

        await storage.WriteStateAsync("session", Id, record.With(Active(2), deadlineMs: 9_000));
        Assert.Equal(5_000, (await Store.IndexedDeadlineAsync(_key))?.ToUnixTimeMilliseconds());

        await storage.WriteStateAsync("session", Id, record.With(Active(3), deadlineMs: 4_000));
        Assert.Equal(4_000, (await Store.IndexedDeadlineAsync(_key))?.ToUnixTimeMilliseconds());
        Assert.Equal(3, (await ReadAsync(storage)).State.Version);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clear_StoredState_LeavesTheIndexEntryToWhoKnowsItsDeadline(bool sharded)
    {
        SessionGrainStorage storage = await StartAsync(sharded);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);

        await storage.ClearStateAsync("session", Id, record);

        Assert.False(await Store.HasStateAsync(_key));
        Assert.NotNull(await Store.IndexedDeadlineAsync(_key));
        Assert.Equal((SessionState.None, null, false), (record.State, record.ETag, record.RecordExists));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_NewStateThatTheIndexRefuses_ThrowsAndStoresNothing(bool sharded)
    {
        SessionGrainStorage storage = await StartAsync(sharded);
        await Store.Database.StringSetAsync(Store.IndexKey(_key), "no sorted set");

        await Assert.ThrowsAsync<SessionUnavailableException>(() => storage.WriteStateAsync("session", Id, new Record(Active(1), deadlineMs: 5_000)));

        Assert.False(await Store.HasStateAsync(_key));
    }

    [Fact]
    public async Task Write_ChangeThatTheIndexRefuses_ThrowsAndKeepsTheSession()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);
        await Store.Database.KeyDeleteAsync(Store.IndexKey(_key));
        await Store.Database.StringSetAsync(Store.IndexKey(_key), "no sorted set");

        await Assert.ThrowsAsync<SessionUnavailableException>(() => storage.WriteStateAsync("session", Id, record.With(Active(2), deadlineMs: 4_000)));

        Assert.Equal(2, (await ReadAsync(storage)).State.Version);
    }
}
