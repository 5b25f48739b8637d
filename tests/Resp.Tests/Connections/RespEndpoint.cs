using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Resp.Buffers;
using OrleansSessions.Resp.Commands;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Connections;
using OrleansSessions.Resp.Hosting;

namespace OrleansSessions.Resp.Tests.Connections;

/// <summary>Endpoint on its own port, without sessions. <see cref="ScriptedCommands"/> stand in for commands that take time or memory, or fail.</summary>
internal sealed class RespEndpoint : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services;

    private RespEndpoint(ServiceProvider services) => _services = services;

    public required FakeTimeProvider Time { get; init; }

    public ScriptedCommands Commands => _services.GetRequiredService<ScriptedCommands>();

    /// <summary>Scope that separates this endpoint's meters from those of concurrent tests.</summary>
    public object MeterScope => _services.GetRequiredService<IMeterFactory>();

    public LogLines Log => _services.GetRequiredService<LogLines>();

    public RespServer Server => _services.GetRequiredService<RespServer>();

    public IPEndPoint Address => Server.EndPoint!;

    /// <summary>The number of connections being served.</summary>
    public int Open => _services.GetRequiredService<RespConnections>().Open;

    public static async Task<RespEndpoint> StartAsync(Action<RespOptions>? configure = null)
    {
        FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(56));
        LogLines log = new();
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton(log);
        services.AddLogging(logging => logging.AddProvider(log));
        services.AddSingleton<ScriptedCommands>();
        services.AddSingleton<ICommandGroup>(static services => services.GetRequiredService<ScriptedCommands>());
        services.AddRespConnections(options =>
        {
            options.Port = 0;
            configure?.Invoke(options);
        });
        var endpoint = new RespEndpoint(services.BuildServiceProvider()) { Time = time };
        await endpoint.Server.StartAsync(TestContext.Current.CancellationToken);
        return endpoint;
    }

    public Task<RespTestClient> ConnectAsync() => RespTestClient.ConnectAsync(Address);

    /// <summary>The bytes that all connections buffer.</summary>
    public long Held => _services.GetRequiredService<BufferBudget>().Held;

    /// <summary>Waits for a condition while the endpoint's clock stands still.</summary>
    public static async Task UntilAsync(string what, Func<bool> happened)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!happened())
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"Not so in {Patience}: {what}.");
        }
    }

    /// <summary>Advances the endpoint's clock until a condition holds.</summary>
    /// <param name="what">The condition, for the error message.</param>
    /// <param name="happened">The condition.</param>
    /// <param name="eachSecond">What happens before each second of the clock; null: nothing.</param>
    public async Task PassTimeUntilAsync(string what, Func<bool> happened, Func<Task>? eachSecond = null)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!happened())
        {
            await (eachSecond?.Invoke() ?? Task.CompletedTask);
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"Not so in {Patience}: {what}.");
        }
    }

    /// <summary>Retries connecting until the endpoint accepts the connection.</summary>
    public async Task<RespTestClient> ConnectWhenAcceptedAsync()
    {
        while (true)
        {
            RespTestClient client = await ConnectAsync();
            try
            {
                if (await client.AskAsync("PING") == "+PONG\r\n")
                {
                    return client;
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // Refused and closed before the command could be sent.
            }

            client.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Do not wait for connections left open by a failed test.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await Server.StopAsync(now.Token);
        await _services.DisposeAsync();
    }
}
