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
using OrleansSessions.Grains.Tests.Users;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>
/// Silos of the session cluster in the test process, configured by AddSessionCluster as in production: Redis membership, storage and reminders, real
/// sockets. All share a clock that only the test moves, and a storage with scripted failures.
/// </summary>
internal sealed class SessionTestCluster : IAsyncDisposable
{
    public const string ServiceId = "grain-tests";
    public const string SettingsName = "SessionTestCluster";

    /// <summary>Test silos are configured by types, not instances: each finds its cluster here by the name in its configuration.</summary>
    private static readonly ConcurrentDictionary<string, SessionTestCluster> Running = new();

    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly TestCluster _cluster;

    private SessionTestCluster(GarnetStore store, FakeTimeProvider clock, RecordingHandler? handler, (string Name, string Value)[] settings)
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
        builder.ConfigureHostConfiguration(configuration => configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:Redis", store.ConnectionString),
            new(SettingsName, _name),
            .. settings.Select(static setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)),
        ]));
        builder.AddSiloBuilderConfigurator<SiloConfigurator>();
        builder.AddClientBuilderConfigurator<ClientConfigurator>();
        _cluster = builder.Build();
    }

    public GarnetStore Store { get; }

    public FakeTimeProvider Clock { get; }

    public StorageFaults Faults { get; } = new();

    public ArrivedCommits Arrived { get; } = new();

    public ArrivedCalls Calls { get; } = new();

    /// <summary>The application's event handler in every silo; null if there is none.</summary>
    public RecordingHandler? Handler { get; }

    public IReadOnlyList<SiloHandle> Silos => _cluster.Silos;

    /// <summary>A frontend as a client of the silos.</summary>
    public Frontend Frontend => new(_cluster.Client);

    /// <summary>A frontend that also retries conflicts, which occur when a silo dies: its last writes can collide with the next silo's first.</summary>
    public Frontend StubbornFrontend => new(_cluster.Client, repeatsConflicts: true);

    /// <summary>All kinds of callers: the client, and each silo as a co-hosting frontend.</summary>
    public IReadOnlyList<Frontend> Frontends => [Frontend, .. Silos.Select(silo => new Frontend(ServicesOf(silo).GetRequiredService<IGrainFactory>()))];

    /// <summary>All kinds of callers, of one user's sessions.</summary>
    public IReadOnlyList<UserFrontend> UserFrontends(string user) =>
        [new(_cluster.Client, user), .. Silos.Select(silo => new UserFrontend(ServicesOf(silo).GetRequiredService<IGrainFactory>(), user))];

    public IUserSessionsGrain UserSessions(string user) => _cluster.Client.GetGrain<IUserSessionsGrain>(user);

    public IGrainFactory GrainsOf(SiloHandle silo) => ServicesOf(silo).GetRequiredService<IGrainFactory>();

    public static async Task<SessionTestCluster> StartAsync(
        GarnetStore store, FakeTimeProvider clock, RecordingHandler? handler = null, params (string Name, string Value)[] settings)
    {
        var cluster = new SessionTestCluster(store, clock, handler, settings);
        Running[cluster._name] = cluster;
        await cluster._cluster.DeployAsync();
        return cluster;
    }

    public static SessionTestCluster Named(string name) => Running[name];

    public static string NewKey() => SessionKey.For("", SessionToken.Create()).Value;

    public IServiceProvider ServicesOf(SiloHandle silo) => _cluster.GetSiloServiceProvider(silo.SiloAddress);

    /// <summary>The stored state of a session; null if there is none.</summary>
    public async Task<SessionState?> StoredAsync(string key)
    {
        byte[]? data = await Store.Database.HashGetAsync(Store.StateKey(key), "data");
        return data is null ? null : SessionStateFormat.Read(data);
    }

    /// <summary>Stores another state in Redis, bypassing the silos.</summary>
    public Task StoreAsync(string key, SessionState state) => Store.Database.HashSetAsync(Store.StateKey(key), "data", SessionStateFormat.Write(state));

    /// <summary>Rewrites a session in Redis as a newer silo would store it, bypassing the silos.</summary>
    /// <returns>The new bytes.</returns>
    public async Task<byte[]> MakeNewerAsync(string key)
    {
        byte[] newer = (await Store.Database.HashGetAsync(Store.StateKey(key), "data"))!;
        newer[1] = SessionStateFormat.Schema + 1;
        await Store.Database.HashSetAsync(Store.StateKey(key), "data", newer);
        return newer;
    }

    /// <summary>Runs the sweep that a silo would run later.</summary>
    public Task<int> SweepAsync(string key) => _cluster.Client.GetGrain<IExpiryShardGrain>(DeadlineIndex.ShardOf(IdSpan.Create(key))).SweepAsync();

    /// <summary>Deactivates the session, as after a period without use.</summary>
    public Task DeactivateAsync(string key) => _cluster.DeactivateAsync(_cluster.Client.GetGrain<ISessionGrain>(key));

    /// <summary>The stored list of a user's sessions.</summary>
    public async Task<UserSessionsState> StoredUserAsync(string user)
    {
        byte[]? data = await Store.Database.HashGetAsync(Store.UserKey(user), "data");
        return data is null ? UserSessionsState.None : UserSessionsFormat.Read(data);
    }

    /// <summary>Deactivates a user's list, as after a period without use.</summary>
    public Task DeactivateUserAsync(string user) => _cluster.DeactivateAsync(_cluster.Client.GetGrain<IUserSessionsGrain>(user));

    /// <summary>Kills a silo without a shutdown.</summary>
    public Task KillAsync(SiloHandle silo) => _cluster.KillSiloAsync(silo);

    public Task StopAsync(SiloHandle silo) => _cluster.StopSiloAsync(silo);

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
        Running.TryRemove(_name, out _);
    }
}
