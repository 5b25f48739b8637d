using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.Redis;
using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Tests.Redis;

public sealed class RedisConnectionTests
{
    [Theory]
    [InlineData(null, "set ConnectionStrings:Redis (environment: ConnectionStrings__Redis)")]
    [InlineData(" ", "set ConnectionStrings:Redis (environment: ConnectionStrings__Redis)")]
    [InlineData("localhost:1,password=hunter2,nonsense=1", "ConnectionStrings:Redis: The Redis connection string has an unknown or malformed option")]
    [InlineData("http://:hunter2@localhost", "ConnectionStrings:Redis: The Redis connection string is not a URI of the form redis://")]
    public void Options_MissingOrMalformed_AreRefusedWithAWayOut(string? connectionString, string reason)
    {
        using ServiceProvider services = Services(connectionString);

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<RedisOptions>>().Value);

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddRedisConnection_Repeated_MakesOneConnection()
    {
        await using ServiceProvider services = Services("localhost:1", static services => services.AddRedisConnection().AddRedisConnection());

        Assert.Single(services.GetServices<RedisConnection>());
        Assert.Single(services.GetServices<IValidateOptions<RedisOptions>>());
    }

    [Fact]
    public async Task Connection_UnreachableServer_FailsCommandsFastAndIsNotConnected()
    {
        await using ServiceProvider services = Services($"127.0.0.1:{LoopbackPort.Next()},connectTimeout=300,asyncTimeout=60000,syncTimeout=60000");
        RedisConnection connection = services.GetRequiredService<RedisConnection>();
        Assert.False(connection.IsConnected);
        ConnectionMultiplexer multiplexer = await connection.GetMultiplexerAsync();
        var watch = Stopwatch.StartNew();

        await Assert.ThrowsAnyAsync<RedisConnectionException>(() => multiplexer.GetDatabase().PingAsync());

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMilliseconds(multiplexer.TimeoutMilliseconds) / 2);
        Assert.False(connection.IsConnected);
    }

    [Fact]
    public async Task WaitUntilConnected_UnreachableServer_SaysWhereItWaitsAndNotThePassword()
    {
        int port = LoopbackPort.Next();
        var log = new LogLines();
        await using ServiceProvider services = Services(
            $"redis://ann:hunter2@127.0.0.1:{port}/3?connectTimeout=300", services => services.AddLogging(logging => logging.AddProvider(log)));
        using var giveUp = new CancellationTokenSource();

        Task<IConnectionMultiplexer> waiting = services.GetRequiredService<RedisConnection>().WaitUntilConnectedAsync(giveUp.Token);
        string line = await log.FirstAsync(LogLevel.Warning);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Contains($"Redis at 127.0.0.1:{port}/3 can't be reached", line, StringComparison.Ordinal);
        Assert.All(log.Lines, text => Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal));
    }

    private static ServiceProvider Services(string? connectionString, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Redis", connectionString)])
            .Build());
        services.AddLogging();
        services.AddRedisConnection();
        configure?.Invoke(services);
        return services.BuildServiceProvider();
    }
}
