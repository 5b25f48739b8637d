using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.TestingHost;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Expiry;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Tests.Events;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>
/// Silos of the session cluster in the test process, configured by AddSessionCluster as in production: Redis membership, storage and reminders, real
/// sockets. All share a clock that only the test moves, and a storage that fails when the test wants it to.
/// </summary>
internal sealed class SessionTestCluster : IAsyncDisposable
{
    public const string ServiceId = "grain-tests";
    public const string SettingsName = "SessionTestCluster";

    /// <summary>Test silos are configured by types, not instances: each finds its cluster here, by the name in its configuration.</summary>
    private static readonly ConcurrentDictionary<string, SessionTestCluster> Running = new();

    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly TestCluster _cluster;

    private SessionTestCluster(GarnetStore store, FakeTimeProvider clock, RecordingHandler? handler)
    {
        Store = store;
        Clock = clock;
        Handler = handler;

        var builder = new TestClusterBuilder(initialSilosCount: 2);
        builder.Options.ServiceId = ServiceId;
        builder.Options.ClusterId = _name;
        builder.Options.UseTestClusterMembership = false;
        builder.Options.ConnectionTransport = ConnectionTransportType.TcpSocket;
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureHostConfiguration(configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Redis"] = store.Address,
            [SettingsName] = _name,
        }));
        builder.AddSiloBuilderConfigurator<SiloConfigurator>();
        builder.AddClientBuilderConfigurator<ClientConfigurator>();
        _cluster = builder.Build();
    }

    public GarnetStore Store { get; }

    public FakeTimeProvider Clock { get; }

    public StorageFaults Faults { get; } = new();

    public ArrivedCommits Arrived { get; } = new();

    /// <summary>The application's event handler in every silo; null if there is none.</summary>
    public RecordingHandler? Handler { get; }

    public IReadOnlyList<SiloHandle> Silos => _cluster.Silos;

    /// <summary>A frontend that is a client of the silos.</summary>
    public Frontend Frontend => new(_cluster.Client);

    /// <summary>A frontend that also gets over the end of a silo, whose last writes and the next silo's first can meet.</summary>
    public Frontend StubbornFrontend => new(_cluster.Client, repeatsConflicts: true);

    /// <summary>Everybody who can call: the client, and each silo for a frontend that hosts one.</summary>
    public IReadOnlyList<Frontend> Frontends => [Frontend, .. Silos.Select(silo => new Frontend(ServicesOf(silo).GetRequiredService<IGrainFactory>()))];

    public static async Task<SessionTestCluster> StartAsync(GarnetStore store, FakeTimeProvider clock, RecordingHandler? handler = null)
    {
        var cluster = new SessionTestCluster(store, clock, handler);
        Running[cluster._name] = cluster;
        await cluster._cluster.DeployAsync();
        return cluster;
    }

    public static SessionTestCluster Named(string name) => Running[name];

    public static string NewKey() => SessionKey.For("", SessionToken.Create()).Value;

    public IServiceProvider ServicesOf(SiloHandle silo) => _cluster.GetSiloServiceProvider(silo.SiloAddress);

    /// <summary>What Redis has of a session; null if nothing.</summary>
    public async Task<SessionState?> StoredAsync(string key)
    {
        byte[]? data = await Store.Database.HashGetAsync(Store.StateKey(key), "data");
        return data is null ? null : SessionStateFormat.Read(data);
    }

    /// <summary>Puts another state into Redis, behind the silos' back.</summary>
    public Task StoreAsync(string key, SessionState state) => Store.Database.HashSetAsync(Store.StateKey(key), "data", SessionStateFormat.Write(state));

    /// <summary>Makes of a session in Redis what a newer silo would have stored, behind the silos' back.</summary>
    /// <returns>The bytes that are there then.</returns>
    public async Task<byte[]> MakeNewerAsync(string key)
    {
        byte[] newer = (await Store.Database.HashGetAsync(Store.StateKey(key), "data"))!;
        newer[1] = SessionStateFormat.Schema + 1;
        await Store.Database.HashSetAsync(Store.StateKey(key), "data", newer);
        return newer;
    }

    /// <summary>Runs the sweep that a silo would run by itself in a while.</summary>
    public Task<int> SweepAsync(string key) => _cluster.Client.GetGrain<IExpiryShardGrain>(DeadlineIndex.ShardOf(IdSpan.Create(key))).SweepAsync();

    /// <summary>Makes the session leave memory, as it does when nobody has used it for a while.</summary>
    public Task DeactivateAsync(string key) => _cluster.DeactivateAsync(_cluster.Client.GetGrain<ISessionGrain>(key));

    /// <summary>The silo that dies without a word.</summary>
    public Task KillAsync(SiloHandle silo) => _cluster.KillSiloAsync(silo);

    public Task StopAsync(SiloHandle silo) => _cluster.StopSiloAsync(silo);

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
        Running.TryRemove(_name, out _);
    }
}
