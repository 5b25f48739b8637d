using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using OrleansSessions.Connectivity.ClusterTls;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Audit;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Encryption;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.Expiry;
using OrleansSessions.Grains.Leases;
using OrleansSessions.Grains.Sessions;
using OrleansSessions.Grains.Statistics;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;
using OrleansSessions.Grains.Users;

namespace OrleansSessions.Grains.Hosting;

/// <summary>Registration of a silo of the session cluster.</summary>
public static class SessionClusterHostingExtensions
{
    /// <summary>The tag of the health checks for the silo's membership and its storage.</summary>
    public const string ReadyTag = "ready";

    /// <summary>
    /// The name of the health check that fails while Redis can't be reached. A process that serves more than sessions sets its
    /// <see cref="HealthCheckRegistration.FailureStatus"/> to <see cref="HealthStatus.Degraded"/> to stay ready then: sessions in memory can be read without Redis.
    /// </summary>
    public const string StorageCheck = "storage";

    /// <summary>
    /// Makes the process a silo: membership, session storage and reminders in the Redis of <c>ConnectionStrings:Redis</c> over one connection, ports and
    /// limits from the section <c>SessionCluster</c>, and failure detection that removes a killed silo within about three seconds.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="configure">Changes the options in code, after configuration is bound.</param>
    public static IHostApplicationBuilder AddSessionCluster(this IHostApplicationBuilder builder, Action<SessionClusterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseOrleans(silo =>
        {
            silo.AddSessionGrains(configure);
            silo.Services.Replace(ServiceDescriptor.Singleton<IFatalErrorHandler, SiloEnd>());
            silo.Services.AddOptions<EndpointOptions>().Configure<IOptions<SessionClusterOptions>>(ConfigureEndpoints);
            silo.Services.AddOptions<SiloOptions>().Configure<IOptions<SessionClusterOptions>>(
                static (options, cluster) => options.SiloName = cluster.Value.SiloName ?? Environment.MachineName);
            silo.Services.AddOptions<ClusterOptions>().Configure<IOptions<SessionClusterOptions>>(static (options, cluster) =>
            {
                options.ClusterId = cluster.Value.ClusterId;
                options.ServiceId = cluster.Value.ServiceId;
            });
        });

        // Start services concurrently: the silo waits for Redis, and the health endpoints must respond meanwhile.
        builder.Services.Configure<HostOptions>(static options => options.ServicesStartConcurrently = true);
        builder.Services.AddHealthChecks()
            .AddCheck<SiloReadyHealthCheck>("silo", tags: [ReadyTag])
            .AddCheck<StorageHealthCheck>(StorageCheck, tags: [ReadyTag]);
        return builder;
    }

    /// <summary>
    /// Adds everything that <see cref="AddSessionCluster"/> adds, except names and ports, to a silo that is configured elsewhere, for example by a test cluster.
    /// </summary>
    public static ISiloBuilder AddSessionGrains(this ISiloBuilder silo, Action<SessionClusterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddRedisConnection();
        silo.Services.AddSingleton<IValidateOptions<SessionClusterOptions>, SessionClusterOptionsValidator>();
        silo.Services.AddOptions<SessionClusterOptions>()
            .Configure<IConfiguration>(static (options, configuration) => configuration.GetSection(SessionClusterOptions.SectionName).Bind(options))
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();

        AddClusteringAndReminders(silo);
        silo.Services.AddGrainStorage(RedisStorageProvider.Name, RedisStorageProvider.Create);
        silo.Services.AddGrainStorage(RedisStorageProvider.UsersName, RedisStorageProvider.CreateForUsers);
        silo.Services.AddKeyedSingleton<IGrainStorage, SessionGrainStorage>(SessionGrainStorage.Name);
        silo.Services.AddKeyedSingleton<IGrainStorage, UserGrainStorage>(UserGrainStorage.Name);
        AddEncryption(silo.Services);
        AddFailureDetection(silo);
        AddLease(silo);
        SiloTransport.Replace(silo.Services);
        AddGracefulLeaving(silo);
        TimeLimits.Apply(silo);
        AddTls(silo);
        silo.Services.AddOptions<GrainCollectionOptions>().Configure<IOptions<SessionClusterOptions>>(
            static (options, cluster) => options.CollectionAge = cluster.Value.ActivationIdleTime);

        silo.Services.AddMetrics();
        silo.Services.TryAddSingleton<SessionMetrics>();
        silo.Services.TryAddSingleton<StorageMetrics>();
        silo.Services.TryAddSingleton<RedisCalls>();
        silo.Services.TryAddSingleton<SweepMetrics>();
        silo.Services.TryAddSingleton<DeadlineIndex>();
        silo.Services.TryAddSingleton<SweepPace>();
        AddEvents(silo.Services);
        silo.AddGrainService<SiloCounts>();
        silo.Services.TryAddSingleton<SiloCountsClient>();
        silo.Services.TryAddSingleton(TimeProvider.System);
        AddSessions(silo.Services);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ExpirySweepStarter>();
        return silo;
    }

    /// <summary>Adds the delivery of events: to the audit trail, if it is on, and to the application's handlers.</summary>
    private static void AddEvents(IServiceCollection services)
    {
        services.TryAddSingleton<AuditLog>();
        services.TryAddSingleton<AuditStream>();
        services.TryAddSingleton<SessionAudit>();
        services.TryAddSingleton(static services =>
        {
            IEnumerable<ISessionEventHandler> handlers = services.GetServices<ISessionEventHandler>();
            bool isAudited = services.GetRequiredService<IOptions<SessionClusterOptions>>().Value.Audit.IsOn;
            return new SessionEvents(
                isAudited ? handlers.Prepend(services.GetRequiredService<SessionAudit>()) : handlers, services.GetRequiredService<ILogger<SessionEvents>>());
        });
    }

    private static void AddSessions(IServiceCollection services)
    {
        services.TryAddSingleton<ActiveSessions>();
        services.TryAddSingleton<SessionStore>();
        services.TryAddSingleton<LimitLog>();
        services.TryAddSingleton<CommitAnswers>();
        services.TryAddSingleton<CommitEvents>();
        services.TryAddSingleton<CommitTurn>();
        services.TryAddSingleton<SessionCreation>();
        services.TryAddSingleton<INewSessions>(static services => services.GetRequiredService<SessionCreation>());
        services.TryAddSingleton<SignInTurn>();
        services.TryAddSingleton<UserIndex>();
        services.TryAddSingleton<UserStore>();
        services.TryAddSingleton<ListedSessions>();
        services.TryAddSingleton<SessionDestruction>();
        services.TryAddSingleton<TokenReuse>();
        services.TryAddSingleton<SessionRotation>();
        services.TryAddSingleton<SessionSettlement>();
        services.TryAddSingleton<SessionBehavior>();
        services.TryAddSingleton<IPublishedSessions, PublishedSessions>();
        services.AddSingleton<IActivationWorkingSetObserver, LeavingActivations>();
    }

    /// <summary>Adds the encryption of stored sessions. Its key files are checked on the system clock, not the sessions' clock.</summary>
    private static void AddEncryption(IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionEncryptionOptions>, SessionEncryptionOptionsValidator>());
        services.AddOptions<SessionEncryptionOptions>()
            .Configure<IConfiguration>(static (options, configuration) => configuration.GetSection(SessionEncryptionOptions.SectionName).Bind(options))
            .ValidateOnStart();
        AddOnSystemClock<StateEncryption>(services);
        services.TryAddSingleton<SessionBytes>();
    }

    private static void AddClusteringAndReminders(ISiloBuilder silo)
    {
        silo.UseRedisClustering(static _ => { });
        silo.Services.AddOptions<RedisClusteringOptions>().Configure<RedisConnection, IHostApplicationLifetime>(static (options, redis, host) =>
        {
            options.ConfigurationOptions = redis.Configuration;
            options.CreateMultiplexer = async _ => (PrimaryOnly.Of(await redis.WaitUntilConnectedAsync(host.ApplicationStopping)), true);
        });
        silo.UseRedisReminderService(static _ => { });
        silo.Services.AddOptions<RedisReminderTableOptions>().Configure<RedisConnection, IHostApplicationLifetime>(static (options, redis, host) =>
        {
            options.ConfigurationOptions = redis.Configuration;
            options.CreateMultiplexer = async _ => (PrimaryOnly.Of(await redis.WaitUntilConnectedAsync(host.ApplicationStopping)), true);
        });
    }

    private static void AddFailureDetection(ISiloBuilder silo)
    {
        silo.Configure<ClusterMembershipOptions>(FailureDetection.Configure);

        // The strongly consistent directory: with the default one, a session could briefly be active on two silos while membership changes.
        // Its own lease is disabled (no longer than failure detection takes): sessions wait for the silo's lease, which ends sooner if a silo was seen to stop.
#pragma warning disable ORLEANSEXP003 // Experimental in name only since Orleans 9: it is the test cluster's default. No stable directory gives the guarantee.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.Configure<GrainDirectoryOptions>(static options => options.RangeLeaseDuration = TimeSpan.FromSeconds(3));
    }

    /// <summary>Adds the silo's lease. It uses the system clock, not the sessions' clock.</summary>
    private static void AddLease(ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<LeaseMetrics>();
        silo.Services.TryAddSingleton<TakeOver>();
        AddOnSystemClock<SiloLease>(silo.Services);
        AddOnSystemClock<StampHistory>(silo.Services);
        AddOnSystemClock<Predecessors>(silo.Services);
        AddOnSystemClock<PeerWatch>(silo.Services);
        AddOnSystemClock<LeasePromises>(silo.Services);
        AddOnSystemClock<FollowedView>(silo.Services);
        AddOnSystemClock<PeerConfirmation>(silo.Services);
        AddOnSystemClock<LeaseKeeper>(silo.Services);
        silo.Services.TryAddSingleton<LeaseTable>();
        silo.Services.TryAddSingleton<ILeasePeers, LeasePeers>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static services => services.GetRequiredService<LeaseKeeper>());
        silo.AddGrainService<LeasePeer>();

        ServiceDescriptor table = silo.Services.Last(static service => service.ServiceType == typeof(IMembershipTable));
        silo.Services.Remove(table);
        Func<IServiceProvider, object> make = table.ImplementationFactory ?? (services => ActivatorUtilities.CreateInstance(services, table.ImplementationType!));
        silo.Services.AddSingleton<IMembershipTable>(services => ActivatorUtilities.CreateInstance<PromisingMembershipTable>(services, make(services)));
    }

    private static void AddOnSystemClock<T>(IServiceCollection services)
        where T : class =>
        services.TryAddSingleton(static services => ActivatorUtilities.CreateInstance<T>(services, TimeProvider.System));

    /// <summary>
    /// Makes a leaving silo first redirect its clients to another gateway, and after handing over its sessions stay for a moment to forward messages that were on their
    /// way to it: a lost message costs its sender the whole response timeout.
    /// </summary>
    private static void AddGracefulLeaving(ISiloBuilder silo) =>
        silo.Configure<SiloMessagingOptions>(static options =>
        {
            options.ClientGatewayShutdownNotificationTimeout = TimeSpan.FromMilliseconds(250);
            options.WaitForMessageToBeQueuedForOutboundTime = TimeSpan.FromMilliseconds(500);

            // Replies to a client that has lost its connection to this silo wait here, although the client may use another gateway now: keep that short.
            // The gateway checks at this interval too, so they wait for twice as long at most.
            options.ClientDropTimeout = TimeSpan.FromMilliseconds(250);
        });

    private static void AddTls(ISiloBuilder silo)
    {
        silo.Services.AddClusterTls(isSilo: true);
        silo.Configure<SiloConnectionOptions>(static options =>
        {
            options.ConfigureSiloOutboundConnection(static connection => connection.UseClusterTlsClient(ClusterPort.Silo));
            options.ConfigureSiloInboundConnection(static connection => connection.UseClusterTlsServer(ClusterPort.Silo));
            options.ConfigureGatewayInboundConnection(static connection => connection.UseClusterTlsServer(ClusterPort.Gateway));
        });
    }

    private static void ConfigureEndpoints(EndpointOptions options, IOptions<SessionClusterOptions> cluster)
    {
        IPAddress? address = cluster.Value.ParsedAddress;
        options.SiloPort = cluster.Value.SiloPort;
        options.GatewayPort = cluster.Value.GatewayPort;
        if (address is not null)
        {
            // Listen on the advertised address only, so that a silo on loopback or on its pod's network is unreachable from other networks.
            options.AdvertisedIPAddress = address;
            options.SiloListeningEndpoint = new IPEndPoint(address, cluster.Value.SiloPort);
            options.GatewayListeningEndpoint = new IPEndPoint(address, cluster.Value.GatewayPort);
        }
    }
}
