using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;
using StackExchange.Redis;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>Writes under a merging prefix: the difference to the connection's last read, once.</summary>
public sealed class MergingPrefixTests(RespCluster cluster) : IClassFixture<RespCluster>, IAsyncLifetime
{
    private const string Prefix = "PHPREDIS_SESSION:";

    private readonly string _token = SessionToken.CreateWithoutSecret().Value;
    private RedisClient[] _clients = [];

    private string Key => Prefix + _token;

    private RedisClient First => _clients[0];

    private RedisClient Second => _clients[1];

    public async ValueTask InitializeAsync() => _clients = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => RedisClient.ConnectAsync(cluster.Endpoints[i])));

    [Fact]
    public async Task SecondWrite_AfterOneRead_ReplacesTheWhole()
    {
        await First.RunAsync("SETEX", Key, 100, "a|i:1;");
        await First.TextAsync("GET", Key);
        await First.RunAsync("SETEX", Key, 100, "a|i:1;b|i:1;");
        await Second.TextAsync("GET", Key);
        await Second.RunAsync("SETEX", Key, 100, "a|i:1;b|i:1;c|i:1;");

        await First.RunAsync("SETEX", Key, 100, "a|i:2;");

        Assert.Equal("a|i:2;", await Second.TextAsync("GET", Key));
    }

    [Theory]
    [InlineData("SETEX")]
    [InlineData("MULTI")]
    [InlineData("HSET")]
    [InlineData("INCR")]
    public async Task Write_OnANewConnectionAfterTheEndOfTheSession_DoesNotBringItBack(string command)
    {
        await First.RunAsync("SETEX", Key, 100, "user|i:1;");
        await First.TextAsync("GET", Key);
        await Second.RunAsync("DEL", Key);
        await using RedisClient reconnected = await RedisClient.ConnectAsync(cluster.Endpoints[0]);

        switch (command)
        {
            case "SETEX":
                Assert.Equal("OK", await reconnected.TextAsync("SETEX", Key, 100, "user|i:1;"));
                break;
            case "MULTI":
                Assert.NotNull(await reconnected.TransactAsync(("SET", [Key, "user|i:1;"]), ("EXPIRE", [Key, 100])));
                break;
            case "HSET":
                await reconnected.RunAsync("HSET", Key, "user", "1");
                break;
            default:
                await reconnected.RunAsync("INCR", Key);
                break;
        }

        Assert.Equal(0, await Second.NumberAsync("EXISTS", Key));
    }

    [Fact]
    public async Task Write_AfterALateWriteWithoutAReadBetween_IsLateAsWell()
    {
        await First.RunAsync("SETEX", Key, 100, "user|i:1;");
        await First.TextAsync("GET", Key);
        await Second.RunAsync("DEL", Key);
        await First.RunAsync("SETEX", Key, 100, "user|i:1;n|i:1;");
        Assert.Null(await Second.TextAsync("GET", Key));
        await Second.RunAsync("SETEX", Key, 100, "user|i:2;");

        // The late write has used up the read: this is a write without a read, to an existing session.
        await First.RunAsync("SETEX", Key, 100, "user|i:3;");

        Assert.Equal("user|i:3;", await Second.TextAsync("GET", Key));
    }

    [Fact]
    public async Task Write_AfterTheConnectionsOwnDel_ReplacesTheWholeOfWhatOthersMadeSince()
    {
        await First.RunAsync("SETEX", Key, 100, "a|i:1;b|i:1;");
        await First.TextAsync("GET", Key);
        await First.RunAsync("DEL", Key);
        Assert.Null(await Second.TextAsync("GET", Key));
        await Second.RunAsync("SETEX", Key, 100, "b|i:2;c|i:2;");

        await First.RunAsync("SETEX", Key, 100, "a|i:1;b|i:1;");

        Assert.Equal("a|i:1;b|i:1;", await Second.TextAsync("GET", Key));
    }

    [Fact]
    public async Task UnchangedValueOfAnotherFormat_OverAnothersWrite_IsWhatIsStored()
    {
        await First.RunAsync("SETEX", Key, 100, "X");
        await First.TextAsync("GET", Key);
        await Second.RunAsync("SETEX", Key, 100, "Y");

        Assert.Equal("OK", await First.TextAsync("SETEX", Key, 100, "X"));

        Assert.Equal("X", await Second.TextAsync("GET", Key));
    }

    [Fact]
    public async Task UnchangedVariables_OverAnothersWrite_KeepTheOthersChanges()
    {
        await First.RunAsync("SETEX", Key, 100, "a|i:1;");
        await First.TextAsync("GET", Key);
        await Second.TextAsync("GET", Key);
        await Second.RunAsync("SETEX", Key, 100, "a|i:1;b|i:2;");

        Assert.Equal("OK", await First.TextAsync("SETEX", Key, 100, "a|i:1;"));

        Assert.Equal("a|i:1;b|i:2;", await Second.TextAsync("GET", Key));
    }

    [Fact]
    public async Task Transaction_ThatReadsAfterItsWrite_SeesOthersChangesMerged()
    {
        await First.RunAsync("SETEX", Key, 100, "a|i:1;");
        await First.TextAsync("GET", Key);
        await Second.TextAsync("GET", Key);
        await Second.RunAsync("SETEX", Key, 100, "a|i:1;b|i:2;");

        RedisResult[] results = (await First.TransactAsync(("SET", [Key, "a|i:3;"]), ("GET", [Key])))!;

        Assert.Equal("a|i:3;b|i:2;", (string?)results[1]);
        Assert.Equal("a|i:3;b|i:2;", await Second.TextAsync("GET", Key));
    }

    [Fact]
    public async Task EntryNamedPayload_OfAFrontend_LeavesAnUndividedSessionAlone()
    {
        const string session = "a|O:1:\"A\":1:{s:1:\"b\";R:1;}";
        await First.RunAsync("SETEX", Key, 100, session);

        await cluster.CommitAsync(Prefix, _token, SessionChange.Set("payload", "\"mine\""u8.ToArray(), EntryFormat.Json));

        Assert.Equal(session, await Second.TextAsync("GET", Key));
        await Second.RunAsync("SETEX", Key, 100, session + "c|i:1;");
        Assert.Equal(session + "c|i:1;", await First.TextAsync("GET", Key));
        SessionSnapshot stored = (await cluster.LoadAsync(Prefix, _token)).Snapshot!;
        Assert.Contains(stored.Entries, static entry => entry is { Name: "payload", Format: EntryFormat.Json });
    }

    [Fact]
    public async Task UndividedSession_ThatBecomesDivided_KeepsTheEntriesBesideIt()
    {
        await First.RunAsync("SETEX", Key, 100, "no php");
        await cluster.CommitAsync(Prefix, _token, SessionChange.Set("net", "i:7;"u8.ToArray(), EntryFormat.Php));
        await First.TextAsync("GET", Key);

        await First.RunAsync("SETEX", Key, 100, "a|i:1;");

        Assert.Equal("net|i:7;a|i:1;", await Second.TextAsync("GET", Key));
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_clients.Select(static client => client.DisposeAsync().AsTask()));
}
