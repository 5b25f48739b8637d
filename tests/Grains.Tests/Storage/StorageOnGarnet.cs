using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Grains.Encryption;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;
using OrleansSessions.Grains.Tests.Clusters;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>The session storage without a silo, and a Garnet of its own for each test: one server, or several.</summary>
public abstract class StorageOnGarnet : IAsyncLifetime
{
    private const string ServiceId = "storage-tests";
    private const string PlainName = "plain";

    private protected readonly string _key = SessionTestCluster.NewKey();
    private protected GarnetStore? _store;
    private ServiceProvider? _services;

    private protected GarnetStore Store => _store ?? throw new InvalidOperationException("The store is not started.");

    private protected GrainId Id => GrainId.Create("session", _key);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    private protected async Task<IProfiledCommand[]> ProfileAsync(Func<Task> act)
    {
        ConnectionMultiplexer multiplexer = await _services!.GetRequiredService<RedisConnection>().GetMultiplexerAsync();
        var profile = new ProfilingSession();
        multiplexer.RegisterProfiler(() => profile);
        await act();
        return [.. profile.FinishProfiling()];
    }

    private protected static SessionState Active(long version) => new() { Status = SessionStatus.Active, Incarnation = Guid.NewGuid(), Version = version };

    private protected async Task<Record> ReadAsync(SessionGrainStorage storage)
    {
        var record = new Record(SessionState.None, deadlineMs: 0);
        await storage.ReadStateAsync("session", Id, record);
        return record;
    }

    private protected async Task<SessionGrainStorage> StartAsync(bool sharded)
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
    private protected Task<IGrainStorage> StartPlainAsync() => StartProviderAsync(PlainName);

    private async Task<IGrainStorage> StartProviderAsync(string name)
    {
        var provider = _services!.GetRequiredKeyedService<IGrainStorage>(name);
        var lifecycle = new SiloLifecycleSubject(NullLogger<SiloLifecycleSubject>.Instance);
        ((ILifecycleParticipant<ISiloLifecycle>)provider).Participate(lifecycle);
        await lifecycle.OnStart(TestContext.Current.CancellationToken);
        return provider;
    }

    private protected sealed class Record : SessionRecord
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
