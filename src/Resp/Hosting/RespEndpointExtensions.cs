using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Authentication;
using OrleansSessions.Resp.Buffers;
using OrleansSessions.Resp.Commands;
using OrleansSessions.Resp.Commands.Connection;
using OrleansSessions.Resp.Commands.Expiry;
using OrleansSessions.Resp.Commands.Hashes;
using OrleansSessions.Resp.Commands.Keyspace;
using OrleansSessions.Resp.Commands.Locks;
using OrleansSessions.Resp.Commands.Numbers;
using OrleansSessions.Resp.Commands.Scripts;
using OrleansSessions.Resp.Commands.Server;
using OrleansSessions.Resp.Commands.Strings;
using OrleansSessions.Resp.Commands.Subscription;
using OrleansSessions.Resp.Commands.Transactions;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Connections;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Metrics;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Users;

namespace OrleansSessions.Resp.Hosting;

/// <summary>Registration of the Redis-protocol endpoint in a silo.</summary>
public static class RespEndpointExtensions
{
    private const string ClientKey = "OrleansSessions.Resp";

    /// <summary>
    /// Adds the Redis-protocol endpoint to a silo of the session cluster. The section <c>Resp</c> configures it; without <c>Resp:Port</c> there is no endpoint. It
    /// opens when the silo serves sessions, and is drained before the silo leaves.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="configure">Changes the options in code, after configuration is bound.</param>
    public static IHostApplicationBuilder AddRespEndpoint(this IHostApplicationBuilder builder, Action<RespOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddRespEndpoint(builder.Services, configure);
        return builder;
    }

    /// <summary>Adds the endpoint without the session commands.</summary>
    internal static IServiceCollection AddRespConnections(this IServiceCollection services, Action<RespOptions>? configure)
    {
        services.AddSingleton<IValidateOptions<RespOptions>, RespOptionsValidator>();
        services.AddOptions<RespOptions>()
            .Configure<IServiceProvider>(static (options, services) =>
            {
                if (services.GetService<IConfiguration>() is { } configuration)
                {
                    // Values that the cluster would refuse for their size need not be split first.
                    configuration.GetSection("SessionCluster:Limits").Bind(options.Limits);
                    IConfigurationSection section = configuration.GetSection(RespOptions.SectionName);
                    section.Bind(options);
                    options.BarePrefixes.AddRange(
                        section.GetSection(nameof(options.Prefixes)).GetChildren().Where(static prefix => prefix.Value is not null).Select(static prefix => prefix.Path));
                }
            })
            .Configure(options => configure?.Invoke(options))
            .PostConfigure(static options => options.AddDefaultPrefix())
            .ValidateOnStart();

        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RespServer>();
        services.AddSingleton<RespConnections>();
        services.AddSingleton<ConnectionLimits>();
        services.AddSingleton<ConnectionWatch>();
        services.AddSingleton<BufferBudget>();
        services.AddSingleton<Credentials>();
        services.AddSingleton<RespMetrics>();
        services.AddSingleton<CommandRunner>();
        services.AddSingleton<CommandDispatcher>();
        services.AddSingleton<CommandTable>();
        services.AddSingleton(static services => new Lazy<CommandTable>(services.GetRequiredService<CommandTable>));
        services.AddSingleton<KeyMap>();
        services.AddSingleton<ServerInfo>();
        services.AddSingleton<ICommandGroup, ConnectionCommands>();
        services.AddSingleton<ICommandGroup, ClientCommands>();
        services.AddSingleton<ICommandGroup, ServerCommands>();
        services.AddSingleton<ICommandGroup, ConfigCommands>();
        services.AddSingleton<ICommandGroup, CommandCommands>();
        services.AddSingleton<ICommandGroup, SubscriptionCommands>();
        return services;
    }

    private static void AddRespEndpoint(IServiceCollection services, Action<RespOptions>? configure)
    {
        services.AddRespConnections(configure);
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, RespServerLifecycle>();

        // A frontend in the same process has its own client with its own timeout.
        services.AddKeyedSingleton(ClientKey, static (services, _) => new SessionClient(
            services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<IOptions<RespOptions>>().Value.IOTimeout,
            services.GetRequiredService<TimeProvider>(),
            services.GetService<IPublishedSessions>(),
            newSessions: null));
        services.AddSingleton<PhpUsers>();
        services.AddSingleton(CreateWithClient<KeyImport>);
        services.AddSingleton(CreateWithClient<SessionTransactions>);
        services.AddSingleton(CreateWithClient<SessionWrites>);
        services.AddSingleton(CreateWithClient<SessionMoves>);
        services.AddSingleton(CreateWithClient<SessionLocks>);
        services.AddSingleton<LateWriteMetrics>();
        services.AddSingleton<KeyCommand>();
        services.AddSingleton<ICommandGroup, StringCommands>();
        services.AddSingleton<ICommandGroup, HashCommands>();
        services.AddSingleton<ICommandGroup, NumberCommands>();
        services.AddSingleton<ICommandGroup, ExpiryCommands>();
        services.AddSingleton<ICommandGroup, KeyspaceCommands>();
        services.AddSingleton<ICommandGroup, ScanCommands>();
        services.AddSingleton<ICommandGroup, ScriptCommands>();
        services.AddSingleton<ICommandGroup, TransactionCommands>();
    }

    private static T CreateWithClient<T>(IServiceProvider services) =>
        ActivatorUtilities.CreateInstance<T>(services, services.GetRequiredKeyedService<SessionClient>(ClientKey));
}
