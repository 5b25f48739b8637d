using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Encryption;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;
using OrleansSessions.Grains.Tests.Clusters;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>Commands that the storage sends to Redis, on one server and on several.</summary>
public sealed class SessionGrainStorageTests : IAsyncLifetime
{
    private const string ServiceId = "storage-tests";
    private const string PlainName = "plain";

    private readonly string _key = SessionTestCluster.NewKey();
    private GarnetStore? _store;
    private ServiceProvider? _services;

    private GarnetStore Store => _store ?? throw new InvalidOperationException("The store is not started.");

    private GrainId Id => GrainId.Create("session", _key);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_NewState_IsThereWithItsIndexEntry(bool sharded)
    {
        SessionGrainStorage storage = await StartAsync(sharded);
        var record = new Record(Active(1), deadlineMs: 5_000);

        await storage.WriteStateAsync("session", Id, record);

        HashEntry[] fields = await Store.Database.HashGetAllAsync(Store.StateKey(_key));
        Assert.Equal(["data", "etag"], fields.Select(static field => field.Name.ToString()).Order());
        Assert.Equal(5_000, (await Store.IndexedDeadlineAsync(_key))?.ToUnixTimeMilliseconds());
        Record read = await ReadAsync(storage);
        Assert.Equal((record.ETag, true, 1L), (read.ETag, read.RecordExists, read.State.Version));
    }

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

    [Fact]
    public async Task AnyCall_OfTheProvider_IsOneCommandToThePrimary()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
        var record = new Record(Active(1), deadlineMs: 0);
        await storage.WriteStateAsync("session", Id, record);
        await storage.ClearStateAsync("session", Id, record);

        IProfiledCommand[] commands = await ProfileAsync(async () =>
        {
            await storage.WriteStateAsync("session", Id, record.With(Active(2), deadlineMs: 0));
            await storage.ReadStateAsync("session", Id, record);
            await storage.ClearStateAsync("session", Id, record);
        });

        Assert.Equal(["EVALSHA", "HGETALL", "EVALSHA"], commands.OrderBy(static command => command.CommandCreated).Select(static command => command.Command));
        Assert.All(commands, static command => Assert.True(command.Flags.HasFlag(CommandFlags.DemandMaster)));
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
    public async Task Change_OfAStateThatIsNoLongerThere_IsRefusedAndChangesNothing(bool sharded)
    {
        SessionGrainStorage storage = await StartAsync(sharded);
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

    [Fact]
    public async Task Read_DamagedBytes_ThrowsAndLeavesTheRecord()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);
        string? etag = record.ETag;
        await Store.Database.HashSetAsync(Store.StateKey(_key), [new("etag", "other"), new("data", "no session")]);

        InvalidDataException exception = await Assert.ThrowsAsync<InvalidDataException>(() => storage.ReadStateAsync("session", Id, record));

        Assert.Contains("damaged", exception.Message, StringComparison.Ordinal);
        Assert.Equal((etag, true, 1L), (record.ETag, record.RecordExists, record.State.Version));
    }

    [Fact]
    public async Task Read_StateOfANewerVersion_ThrowsAndLeavesTheRecord()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);
        string? etag = record.ETag;
        byte[] newer = SessionStateFormat.Write(Active(2));
        newer[1] = SessionStateFormat.Schema + 1;
        await Store.Database.HashSetAsync(Store.StateKey(_key), [new("etag", "other"), new("data", newer)]);

        NotSupportedException exception = await Assert.ThrowsAsync<NotSupportedException>(() => storage.ReadStateAsync("session", Id, record));

        Assert.Contains("newer version", exception.Message, StringComparison.Ordinal);
        Assert.Equal((etag, true, 1L), (record.ETag, record.RecordExists, record.State.Version));
    }

    [Fact]
    public async Task Session_StoredHere_IsReadAndWrittenByOrleansStorageAlone()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
        SessionState state = Active(1) with { Packed = EntryPacking.Pack([new() { Name = "cart", Value = [1, 2], Format = EntryFormat.Bytes, Version = 1 }]) };
        var record = new Record(state, deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);
        IGrainStorage plain = await StartPlainAsync();

        var read = new GrainState<ReadOnlyMemory<byte>>();
        await plain.ReadStateAsync("session", Id, read);
        Assert.Equivalent(state, SessionStateFormat.Read(read.State.Span), strict: true);
        Assert.Equal((record.ETag, true), (read.ETag, read.RecordExists));

        read.State = SessionStateFormat.Write(state with { Version = 2 });
        await plain.WriteStateAsync("session", Id, read);
        Assert.Equal(2, (await ReadAsync(storage)).State.Version);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("session", Id, record.With(Active(3), deadlineMs: 0)));

        await plain.ClearStateAsync("session", Id, read);
        Assert.False(await Store.HasStateAsync(_key));
    }

    [Fact]
    public async Task Write_ServerThatHasForgottenTheScripts_GetsThemAgain()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
        var record = new Record(Active(1), deadlineMs: 5_000);
        await storage.WriteStateAsync("session", Id, record);
        await Store.Database.ExecuteAsync("SCRIPT", "FLUSH");

        await storage.WriteStateAsync("session", Id, record.With(Active(2), deadlineMs: 4_000));
        await storage.ClearStateAsync("session", Id, record);

        Assert.False(await Store.HasStateAsync(_key));
    }

    [Fact]
    public async Task AnyCall_ServerThatIsGone_ThrowsTypedAndLeavesTheRecord()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);
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
        Record read = await ReadAsync(await StartAsync(sharded: false));

        Assert.Equal((SessionStatus.None, null, false), (read.State.Status, read.ETag, read.RecordExists));
    }

    [Fact]
    public async Task AnyCall_ForAnotherStateThanASession_SaysWhatToDo()
    {
        SessionGrainStorage storage = await StartAsync(sharded: false);

        NotSupportedException exception = await Assert.ThrowsAsync<NotSupportedException>(() => storage.ReadStateAsync("cart", Id, new GrainState<string>()));

        Assert.Contains("Configure another one", exception.Message, StringComparison.Ordinal);
    }

    private async Task<IProfiledCommand[]> ProfileAsync(Func<Task> act)
    {
        ConnectionMultiplexer multiplexer = await _services!.GetRequiredService<RedisConnection>().GetMultiplexerAsync();
        var profile = new ProfilingSession();
        multiplexer.RegisterProfiler(() => profile);
        await act();
        return [.. profile.FinishProfiling()];
    }

    private static SessionState Active(long version) => new() { Status = SessionStatus.Active, Incarnation = Guid.NewGuid(), Version = version };

    private async Task<Record> ReadAsync(SessionGrainStorage storage)
    {
        var record = new Record(SessionState.None, deadlineMs: 0);
        await storage.ReadStateAsync("session", Id, record);
        return record;
    }

    private async Task<SessionGrainStorage> StartAsync(bool sharded)
    {
        _store = await GarnetStore.StartAsync(ServiceId, sharded);
        _services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSerializer()
            .Configure<ClusterOptions>(static options => options.ServiceId = ServiceId)
            .Configure<RedisOptions>(options => options.ConnectionString = _store.ConnectionString)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IGrainStorageSerializer, StoredBytesSerializer>()
            .AddSingleton<StateEncryption>()
            .AddSingleton<SessionBytes>()
            .AddSingleton<RedisConnection>()
            .AddSingleton<StorageMetrics>()
            .AddSingleton<RedisCalls>()
            .AddSingleton<DeadlineIndex>()
            .AddGrainStorage(RedisStorageProvider.Name, RedisStorageProvider.Create)
            .AddRedisGrainStorage(PlainName, options =>
            {
                options.ConfigurationOptions = ConfigurationOptions.Parse(_store.ConnectionString);
                options.DeleteStateOnClear = true;
                options.GetStorageKey = (_, grainId) => _store.StateKey(grainId.Key.ToString()!);
            })
            .BuildServiceProvider();

        var connection = _services.GetRequiredService<RedisConnection>();
        await connection.WaitUntilConnectedAsync(TestContext.Current.CancellationToken);
        Assert.Equal(sharded, connection.IsSharded);
        await StartProviderAsync(RedisStorageProvider.Name);
        return ActivatorUtilities.CreateInstance<SessionGrainStorage>(_services);
    }

    /// <summary>Orleans' storage as an application would add it, with our serializer and key.</summary>
    private Task<IGrainStorage> StartPlainAsync() => StartProviderAsync(PlainName);

    private async Task<IGrainStorage> StartProviderAsync(string name)
    {
        var provider = _services!.GetRequiredKeyedService<IGrainStorage>(name);
        var lifecycle = new SiloLifecycleSubject(NullLogger<SiloLifecycleSubject>.Instance);
        ((ILifecycleParticipant<ISiloLifecycle>)provider).Participate(lifecycle);
        await lifecycle.OnStart(TestContext.Current.CancellationToken);
        return provider;
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
