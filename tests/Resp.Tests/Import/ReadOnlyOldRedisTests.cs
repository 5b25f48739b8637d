using System.Text;
using Microsoft.Extensions.Logging;
using OrleansSessions.Client;
using OrleansSessions.Client.TakeOver;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;
using OrleansSessions.Resp.Tests.Connections;
using StackExchange.Redis;

namespace OrleansSessions.Resp.Tests.Import;

/// <summary>An old Redis that can be read and refuses to rename, as a replica does, or a user without the right to.</summary>
public sealed class ReadOnlyOldRedisTests(RespCluster cluster) : IClassFixture<RespCluster>, IAsyncLifetime
{
    private readonly TestStore _old = TestStore.Start(port: null, "--auth", "ACL");
    private readonly LogLines _log = new();
    private readonly SessionToken _token = SessionToken.Create();
    private ConnectionMultiplexer? _connection;
    private SessionClient? _client;
    private SessionTakeOver? _takeOver;

    private IDatabase Old => _connection!.GetDatabase();

    private string Name => "PHPREDIS_SESSION:" + _token.Value;

    private SessionKey Key => SessionKey.For("PHPREDIS_SESSION:", _token);

    public async ValueTask InitializeAsync()
    {
        _connection = await ConnectionMultiplexer.ConnectAsync(_old.ConnectionString);
        await Old.ExecuteAsync("ACL", "SETUSER", "reader", "on", ">secret", "+@all", "-rename", "-renamenx");
        await Old.StringSetAsync(Name, "n|i:1;", TimeSpan.FromSeconds(1_000));
        _client = new SessionClient(cluster.Grains, TimeSpan.FromSeconds(10), TimeProvider.System);
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _takeOver = new SessionTakeOver(_old.ConnectionString + ",user=reader,password=secret", _client, TimeProvider.System, loggers.CreateLogger<SessionTakeOver>());
    }

    [Fact]
    public async Task TakeOver_IsRefusedAndTheClusterGetsNothingThatCouldComeBack()
    {
        await Assert.ThrowsAsync<SessionUnavailableException>(TakeOverAsync);

        Assert.Equal(LoadOutcome.None, (await _client!.LoadAsync(Key, touch: false, TestContext.Current.CancellationToken)).Outcome);
        Assert.True(await Old.KeyExistsAsync(Name));
    }

    [Fact]
    public async Task Refusals_AreLoggedOnceWithTheirCauseAndWithoutTheToken()
    {
        for (int i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<SessionUnavailableException>(TakeOverAsync);
        }

        Assert.Single(_log.Text.Split('\n'), line => line.Contains("did not do as it was asked", StringComparison.Ordinal));
        Assert.Contains("NOPERM", _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_token.Value, _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_IsRefusedWhileTheOldKeyIsLive()
    {
        await _client!.CommitAsync(
            Key, new SessionCommit { OperationId = Guid.NewGuid(), Changes = [SessionChange.Set("n", [1])] }, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<SessionUnavailableException>(async () => await _takeOver!.EndAsync(
            Encoding.ASCII.GetBytes(Name), database: null, Key, "PHPREDIS_SESSION:", Interpret, TestContext.Current.CancellationToken));

        Assert.Equal(LoadOutcome.Active, (await _client.LoadAsync(Key, touch: false, TestContext.Current.CancellationToken)).Outcome);
    }

    public async ValueTask DisposeAsync()
    {
        await _takeOver!.DisposeAsync();
        await _connection!.DisposeAsync();
        _old.Dispose();
    }

    private static OldSession Interpret(OldValue value) => new([SessionChange.Set("n", value.Text!, EntryFormat.Php)], new SessionLifetime());

    private async Task<bool> TakeOverAsync() => await _takeOver!.TryTakeOverAsync(
        Encoding.ASCII.GetBytes(Name), database: null, Key, "PHPREDIS_SESSION:", Interpret, TestContext.Current.CancellationToken);
}
