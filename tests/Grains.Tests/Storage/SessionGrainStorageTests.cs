using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Expiry;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;
using OrleansSessions.Grains.Tests.Clusters;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>What the storage does to Redis, on one server and where keys are on several.</summary>
public sealed class SessionGrainStorageTests : IAsyncLifetime
{
    private const string ServiceId = "storage-tests";

    private readonly string _key = SessionTestCluster.NewKey();
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private GarnetStore? _store;
    private RedisConnection? _connection;

    private GarnetStore Store => _store ?? throw new InvalidOperationException("The store is not started.");

    private GrainId Id => GrainId.Create("session", _key);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        await _metrics.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_NewState_IsThereWithItsIndexEntry(bool spread)
    {
        SessionGrainStorage storage = await StartAsync(spread);
        var record = new Record(Active(1), deadlineMs: 5_000);

        await storage.WriteStateAsync("session", Id, record);

        HashEntry[] fields = await Store.Database.HashGetAllAsync(Store.StateKey(_key));
        Assert.Equal(["data", "etag"], fields.Select(static field => field.Name.ToString()).Order());
        Assert.Equal(5_000, (await Store.IndexedDeadlineAsync(_key))?.ToUnixTimeMilliseconds());
        Record read = await ReadAsync(storage);
        Assert.Equal((record.ETag, true, 1L), (read.ETag, read.RecordExists, read.State.Version));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_OtherDeadlines_MoveTheIndexEntryToEarlierTimesOnly(bool spread)
    {
        SessionGrainStorage storage = await StartAsync(spread);
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
    public async Task Change_OfAStateThatIsNoLongerThere_IsRefusedAndChangesNothing(bool spread)
    {
        SessionGrainStorage storage = await StartAsync(spread);
        var first = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, first);
        Record late = await ReadAsync(storage);
        await storage.WriteStateAsync("session", Id, first.With(Active(2), deadlineMs: 0));

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("session", Id, late.With(Active(9), deadlineMs: 0)));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("session", Id, late));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("session", Id, new Record(Active(9), deadlineMs: 0)));

        Assert.Equal(2, (await ReadAsync(storage)).State.Version);
        Assert.Equal(5_000, (await Store.IndexedDeadlineAsync(_key))?.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Clear_OnOneServer_LeavesNothing()
    {
        SessionGrainStorage storage = await StartAsync(spread: false);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);

        await storage.ClearStateAsync("session", Id, record);

        Assert.False(await Store.HasTraceAsync(_key));
        Assert.Equal((null, false, false), (record.ETag, record.RecordExists, record.MayBeIndexed));
    }

    [Fact]
    public async Task Clear_OnSeveralServers_LeavesTheIndexEntryToTheSweep()
    {
        SessionGrainStorage storage = await StartAsync(spread: true);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);

        await storage.ClearStateAsync("session", Id, record);

        Assert.False(await Store.HasStateAsync(_key));
        Assert.NotNull(await Store.IndexedDeadlineAsync(_key));
        Assert.True(record.MayBeIndexed);
    }

    [Fact]
    public async Task Write_ServerThatHasForgottenTheScripts_GetsThemAgain()
    {
        SessionGrainStorage storage = await StartAsync(spread: false);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);
        await Store.Database.ExecuteAsync("SCRIPT", "FLUSH");

        await storage.WriteStateAsync("session", Id, record.With(Active(2), deadlineMs: 4_000));
        await storage.ClearStateAsync("session", Id, record);

        Assert.False(await Store.HasTraceAsync(_key));
    }

    [Fact]
    public async Task AnyCall_ServerThatIsGone_ThrowsTypedAndLeavesTheRecord()
    {
        SessionGrainStorage storage = await StartAsync(spread: false);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);
        string? etag = record.ETag;
        await Store.DisposeAsync();
        _store = null;

        await Assert.ThrowsAsync<SessionUnavailableException>(() => storage.ReadStateAsync("session", Id, record));
        await Assert.ThrowsAsync<SessionUnavailableException>(() => storage.WriteStateAsync("session", Id, record));
        await Assert.ThrowsAsync<SessionUnavailableException>(() => storage.ClearStateAsync("session", Id, record));

        Assert.Equal((etag, true, 1L), (record.ETag, record.RecordExists, record.State.Version));
    }

    [Fact]
    public async Task Read_NothingStored_IsNoSession()
    {
        Record read = await ReadAsync(await StartAsync(spread: false));

        Assert.Equal((SessionStatus.None, null, false), (read.State.Status, read.ETag, read.RecordExists));
    }

    [Fact]
    public async Task AnyCall_ForAnotherStateThanASession_SaysWhatToDo()
    {
        SessionGrainStorage storage = await StartAsync(spread: false);

        NotSupportedException exception = await Assert.ThrowsAsync<NotSupportedException>(() => storage.ReadStateAsync("cart", Id, new GrainState<string>()));

        Assert.Contains("Configure another one", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_AfterAServerRefusedTwoKeysInAScript_UsesOneKeyEach()
    {
        SessionGrainStorage storage = await StartAsync(spread: false);
        _connection!.ReportFailure(new RedisServerException("CROSSSLOT Keys in request don't hash to the same slot"));

        var record = new Record(Active(1), deadlineMs: 1_000);
        await storage.WriteStateAsync("session", Id, record);
        await storage.ClearStateAsync("session", Id, record);

        Assert.True(_connection.IsSpread);
        Assert.True(record.MayBeIndexed, "What the index holds is left to the sweep.");
    }

    private static SessionState Active(long version) => new() { Status = SessionStatus.Active, Incarnation = Guid.NewGuid(), Version = version };

    private async Task<Record> ReadAsync(SessionGrainStorage storage)
    {
        var record = new Record(SessionState.None, deadlineMs: 0);
        await storage.ReadStateAsync("session", Id, record);
        return record;
    }

    private async Task<SessionGrainStorage> StartAsync(bool spread)
    {
        _store = await GarnetStore.StartAsync(ServiceId, spread);
        _connection = new RedisConnection(
            Options.Create(new RedisOptions { ConnectionString = _store.Address }), TimeProvider.System, NullLoggerFactory.Instance);
        await _connection.WaitUntilConnectedAsync(TestContext.Current.CancellationToken);
        Assert.Equal(spread, _connection.IsSpread);

        IOptions<ClusterOptions> cluster = Options.Create(new ClusterOptions { ServiceId = ServiceId });
        var calls = new RedisCalls(_connection, new StorageMetrics(_metrics.GetRequiredService<IMeterFactory>()));
        return new SessionGrainStorage(_connection, calls, new DeadlineIndex(calls, cluster), cluster);
    }

    private sealed class Record : SessionRecord
    {
        public Record(SessionState state, long deadlineMs) => With(state, deadlineMs);

        public Record With(SessionState state, long deadlineMs)
        {
            State = state;
            NewDeadlineMs = deadlineMs;
            return this;
        }
    }
}
