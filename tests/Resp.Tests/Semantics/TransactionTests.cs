using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;
using StackExchange.Redis;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>WATCH, MULTI and EXEC, and what clients build on them.</summary>
public sealed class TransactionTests(RespCluster cluster) : IClassFixture<RespCluster>, IAsyncLifetime
{
    private readonly string _key = "plain:" + SessionToken.CreateWithoutSecret().Value;
    private readonly string _lock = "PHPREDIS_SESSION:" + SessionToken.CreateWithoutSecret().Value + "_LOCK";
    private RespSocket? _first;
    private RespSocket? _second;

    private RespSocket First => _first!;

    private RespSocket Second => _second!;

    public async ValueTask InitializeAsync()
    {
        _first = await RespSocket.ConnectAsync(cluster.Addresses[0]);
        _second = await RespSocket.ConnectAsync(cluster.Addresses[1]);
    }

    [Theory]
    [InlineData("SET", "1")]
    [InlineData("EXPIRE", "60")]
    [InlineData("DEL", null)]
    [InlineData("APPEND", "x")]
    public async Task Exec_AfterAnotherClientsChange_DoesNothing(string command, string? argument)
    {
        await First.AskAsync("SETEX", _key, "50", "0");
        await First.AskAsync("WATCH", _key);
        await Second.AskAsync(argument is null ? [command, _key] : [command, _key, argument]);
        string before = (await Second.AskAsync("GET", _key)).Text;

        await First.AskAsync("MULTI");
        await First.AskAsync("SET", _key, "mine");

        Assert.Equal("*-1", (await First.AskAsync("EXEC")).Text);
        Assert.Equal(before, (await Second.AskAsync("GET", _key)).Text);
    }

    [Fact]
    public async Task Exec_AfterAnotherClientRestartedTheExpiry_DoesNothing()
    {
        await First.AskAsync("SETEX", _key, "50", "0");
        await First.AskAsync("WATCH", _key);

        // Expiries are in milliseconds: one that is restarted within the same one is unchanged.
        string end = (await Second.AskAsync("PEXPIRETIME", _key)).Text;
        do
        {
            await Second.AskAsync("EXPIRE", _key, "50");
        }
        while ((await Second.AskAsync("PEXPIRETIME", _key)).Text == end);

        await First.AskAsync("MULTI");
        await First.AskAsync("SET", _key, "mine");

        Assert.Equal("*-1", (await First.AskAsync("EXEC")).Text);
        Assert.Equal("$0", (await Second.AskAsync("GET", _key)).Text);
    }

    [Fact]
    public async Task Exec_OfAKeyThatAppearedSinceItWasWatched_DoesNothing()
    {
        await First.AskAsync("WATCH", _key);
        await Second.AskAsync("SET", _key, "theirs");
        await First.AskAsync("MULTI");
        await First.AskAsync("SET", _key, "mine");

        Assert.Equal("*-1", (await First.AskAsync("EXEC")).Text);
    }

    [Theory]
    [InlineData("HSET", "HGETALL")]
    [InlineData("HSET", "DEL")]
    [InlineData("EXPIRE", "HLEN")]
    public async Task Exec_WhileOthersChangeTheSessionAllTheTime_IsNotStarved(string first, string second)
    {
        await First.AskAsync("HSET", _key, "n", "0");
        using var stop = new CancellationTokenSource();
        Task[] others = [.. Enumerable.Range(0, 6).Select(i => Task.Run(
            async () =>
            {
                using RespSocket socket = await RespSocket.ConnectAsync(cluster.Addresses[i % 2]);
                while (!stop.IsCancellationRequested)
                {
                    await socket.AskAsync("HINCRBY", _key, "n", "1");
                }
            },
            CancellationToken.None))];

        for (int i = 0; i < 50; i++)
        {
            await First.AskAsync("MULTI");
            await First.AskAsync(first == "HSET" ? [first, _key, "mine", $"{i}"] : [first, _key, "600"]);
            await First.AskAsync(second, _key);
            RespAnswer answer = await First.AskAsync("EXEC");
            Assert.True(answer.Items is { Count: 2 }, answer.Text);
        }

        await stop.CancelAsync();
        await Task.WhenAll(others);
    }

    [Theory]
    [InlineData("UNWATCH")]
    [InlineData("DISCARD")]
    [InlineData("EXEC")]
    [InlineData("RESET")]
    public async Task Watch_Over_MattersNoMore(string end)
    {
        await First.AskAsync("WATCH", _key);
        if (end is "DISCARD" or "EXEC")
        {
            await First.AskAsync("MULTI");
        }

        await First.AskAsync(end);
        await Second.AskAsync("SET", _key, "theirs");
        await First.AskAsync("MULTI");
        await First.AskAsync("SET", _key, "mine");

        Assert.Equal("[+OK]", $"{await First.AskAsync("EXEC")}");
    }

    [Fact]
    public async Task Exec_AfterAWatchThatWasRefused_DoesNothing()
    {
        Assert.StartsWith("-ERR a connection to the session cluster can watch one key", (await First.AskAsync("WATCH", _key, _key + "2")).Text, StringComparison.Ordinal);
        await First.AskAsync("MULTI");
        await First.AskAsync("SET", _key, "mine");

        Assert.StartsWith("-EXECABORT", (await First.AskAsync("EXEC")).Text, StringComparison.Ordinal);
        Assert.Equal("$-1", (await Second.AskAsync("GET", _key)).Text);
    }

    [Fact]
    public async Task Exec_OfAnotherKeyThanTheWatchedOne_DoesNothing()
    {
        await First.AskAsync("WATCH", _key);
        await First.AskAsync("MULTI");
        await First.AskAsync("SET", _key + "2", "mine");

        Assert.StartsWith("-EXECABORT", (await First.AskAsync("EXEC")).Text, StringComparison.Ordinal);
        Assert.Equal("$-1", (await Second.AskAsync("GET", _key + "2")).Text);
    }

    [Theory]
    [InlineData("LPUSH", "x")]
    [InlineData("PUBLISH", "x")]
    [InlineData("PING", null)]
    [InlineData("GET", null)]
    public async Task Exec_AfterARefusedCommand_DoesNothing(string command, string? argument)
    {
        await First.AskAsync("MULTI");
        await First.AskAsync("SET", _key, "mine");
        Assert.StartsWith("-ERR", (await First.AskAsync(argument is null ? [command] : [command, _key, argument])).Text, StringComparison.Ordinal);

        Assert.StartsWith("-EXECABORT", (await First.AskAsync("EXEC")).Text, StringComparison.Ordinal);
        Assert.Equal("$-1", (await Second.AskAsync("GET", _key)).Text);
    }

    [Fact]
    public async Task Counter_IncrementedUnderWatch_CountsEveryTransactionThatCommitted()
    {
        RespSocket[] sockets = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => RespSocket.ConnectAsync(cluster.Addresses[i % 2])));

        int[] committed = await Task.WhenAll(sockets.Select(async socket =>
        {
            int count = 0;
            for (int i = 0; i < 25; i++)
            {
                await socket.AskAsync("WATCH", _key);
                string value = (await socket.AskAsync("GET", _key)).Text;
                int number = value == "$-1" ? 0 : int.Parse(value.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
                await socket.AskAsync("MULTI");
                await socket.AskAsync("SET", _key, $"{number + 1}");
                count += (await socket.AskAsync("EXEC")).Items is null ? 0 : 1;
            }

            return count;
        }));

        Assert.Equal($"${committed.Sum()}", (await First.AskAsync("GET", _key)).Text);
        Assert.InRange(committed.Sum(), 1, 199);
        Array.ForEach(sockets, static socket => socket.Dispose());
    }

    [Fact]
    public async Task Exec_OfTensOfThousandsOfFields_IsRefusedWhenTheyAreQueued()
    {
        await First.AskAsync("MULTI");
        string refusal = "";
        for (int i = 0; i < 40 && refusal.Length == 0; i++)
        {
            string[] fields = [.. Enumerable.Range(0, 500).SelectMany(field => new[] { $"f{i}-{field}", "x" })];
            RespAnswer answer = await First.AskAsync(["HSET", _key, .. fields]);
            refusal = answer.Text == "+QUEUED" ? "" : answer.Text;
        }

        Assert.Contains("arguments", refusal, StringComparison.Ordinal);
        Assert.StartsWith("-EXECABORT", (await First.AskAsync("EXEC")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_OfAllThatMayBeQueued_IsAnsweredAtOnce()
    {
        await First.AskAsync("MULTI");
        for (int i = 0; i < 16; i++)
        {
            await First.AskAsync(["HSET", _key, .. Enumerable.Range(0, 500).SelectMany(field => new[] { $"f{i}-{field}", "x" })]);
        }

        Assert.Contains("number of changes", (await First.AskAsync("EXEC")).Text, StringComparison.Ordinal);
        Assert.Equal(":0", (await First.AskAsync("EXISTS", _key)).Text);
    }

    [Fact]
    public async Task Append_PastTheLimitInATransaction_IsRefusedByItself()
    {
        string half = new('x', 600_000);
        await First.AskAsync("MULTI");
        await First.AskAsync("APPEND", _key, half);
        await First.AskAsync("APPEND", _key, half);
        await First.AskAsync("STRLEN", _key);

        RespAnswer answer = await First.AskAsync("EXEC");

        Assert.Equal(":600000", answer.Items![0].Text);
        Assert.Contains("limit", answer.Items[1].Text, StringComparison.Ordinal);
        Assert.Equal(":600000", answer.Items[2].Text);
    }

    [Fact]
    public async Task Lock_DeletedInATransaction_IsFree()
    {
        await First.AskAsync("SET", _lock, "me", "NX", "PX", "30000");
        await First.AskAsync("MULTI");
        Assert.Equal("+QUEUED", (await First.AskAsync("DEL", _lock)).Text);

        Assert.Equal("[:1]", $"{await First.AskAsync("EXEC")}");
        Assert.Equal("+OK", (await Second.AskAsync("SET", _lock, "other", "NX", "PX", "30000")).Text);
    }

    [Fact]
    public async Task Lock_WatchedAndTakenByAnother_IsNotDeleted()
    {
        await First.AskAsync("SET", _lock, "me", "NX", "PX", "30000");
        await First.AskAsync("WATCH", _lock);
        await Second.AskAsync("DEL", _lock);
        await Second.AskAsync("SET", _lock, "other", "NX", "PX", "30000");
        await First.AskAsync("MULTI");
        await First.AskAsync("DEL", _lock);

        Assert.Equal("*-1", (await First.AskAsync("EXEC")).Text);
        Assert.Equal("$other", (await First.AskAsync("GET", _lock)).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lock_OfStackExchangeRedis_IsTakenExtendedAndReleasedByItsOwnerOnly(bool ofASession)
    {
        RedisKey key = ofASession ? _lock : _key + "_LOCK";
        await using ConnectionMultiplexer connection = await PatientRedis.ConnectAsync(cluster.Endpoints[0]);
        IDatabase database = connection.GetDatabase();

        Assert.True(await database.LockTakeAsync(key, "me", TimeSpan.FromSeconds(30)));
        Assert.False(await database.LockTakeAsync(key, "other", TimeSpan.FromSeconds(30)));
        Assert.Equal("me", await database.LockQueryAsync(key));
        Assert.False(await database.LockExtendAsync(key, "other", TimeSpan.FromSeconds(90)));
        Assert.True(await database.LockExtendAsync(key, "me", TimeSpan.FromSeconds(90)));
        Assert.InRange((await database.KeyTimeToLiveAsync(key))!.Value.TotalSeconds, 31, 90);
        Assert.False(await database.LockReleaseAsync(key, "other"));
        Assert.True(await database.LockReleaseAsync(key, "me"));
        Assert.False(await database.LockReleaseAsync(key, "me"));
        Assert.True(await database.LockTakeAsync(key, "other", TimeSpan.FromSeconds(30)));
    }

    public ValueTask DisposeAsync()
    {
        First.Dispose();
        Second.Dispose();
        return ValueTask.CompletedTask;
    }
}
