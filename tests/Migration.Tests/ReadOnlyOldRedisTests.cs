using System.Text;
using Microsoft.Extensions.Logging;
using OrleansSessions.Contracts;
using StackExchange.Redis;

namespace OrleansSessions.Migration.Tests;

/// <summary>Old Redis that can be read but refuses to rename: a replica, or a user without the right.</summary>
public sealed class ReadOnlyOldRedisTests(SessionCluster cluster) : IAsyncLifetime
{
    private readonly EmbeddedStore _old = EmbeddedStore.Start(options: ["--auth", "ACL"]);
    private readonly LogLines _log = new();
    private readonly SessionToken _token = SessionToken.CreateWithoutSecret();
    private ConnectionMultiplexer? _connection;
    private SessionImport? _import;

    private IDatabase Old => _connection!.GetDatabase();

    private string Name => "PHPREDIS_SESSION:" + _token.Value;

    private SessionKey Key => SessionKey.For("PHPREDIS_SESSION:", _token);

    public async ValueTask InitializeAsync()
    {
        _connection = await ConnectionMultiplexer.ConnectAsync(_old.ConnectionString);
        await Old.ExecuteAsync("ACL", "SETUSER", "reader", "on", ">secret", "+@all", "-rename", "-renamenx");
        await Old.StringSetAsync(Name, "n|i:1;", TimeSpan.FromSeconds(1_000));
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _import = new SessionImport(_old.ConnectionString + ",user=reader,password=secret", cluster.Client, TimeProvider.System, loggers.CreateLogger<SessionImport>());
    }

    [Fact]
    public async Task Import_IsRefusedAndTheClusterGetsNothingThatCouldComeBack()
    {
        await Assert.ThrowsAsync<SessionUnavailableException>(ImportAsync);

        Assert.Equal(LoadOutcome.None, (await cluster.Client.LoadAsync(Key, touch: false, TestContext.Current.CancellationToken)).Outcome);
        Assert.True(await Old.KeyExistsAsync(Name));
    }

    [Fact]
    public async Task Refusals_AreLoggedOnceWithTheirCauseAndWithoutTheToken()
    {
        for (int i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<SessionUnavailableException>(ImportAsync);
        }

        Assert.Single(_log.Text.Split('\n'), line => line.Contains("A command to the old Redis at", StringComparison.Ordinal));
        Assert.Contains("NOPERM", _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_token.Value, _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_IsRefusedWhileTheOldKeyIsLive()
    {
        await cluster.Client.CommitAsync(
            Key, new SessionCommit { OperationId = Guid.NewGuid(), Changes = [SessionChange.Set("n", [1])] }, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<SessionUnavailableException>(async () => await _import!.EndAsync(
            Encoding.ASCII.GetBytes(Name), database: null, Key, "PHPREDIS_SESSION:", Interpret, TestContext.Current.CancellationToken));

        Assert.Equal(LoadOutcome.Active, (await cluster.Client.LoadAsync(Key, touch: false, TestContext.Current.CancellationToken)).Outcome);
    }

    public async ValueTask DisposeAsync()
    {
        await _import!.DisposeAsync();
        await _connection!.DisposeAsync();
        _old.Dispose();
    }

    private static ImportedSession Interpret(OldValue value) => new([SessionChange.Set("n", value.Text!, EntryFormat.Php)], new SessionLifetime());

    private async Task<bool> ImportAsync() => await _import!.TryImportAsync(
        Encoding.ASCII.GetBytes(Name), database: null, Key, "PHPREDIS_SESSION:", Interpret, TestContext.Current.CancellationToken);
}
