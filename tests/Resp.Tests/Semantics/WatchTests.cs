using OrleansSessions.Resp.Tests.Cluster;
using StackExchange.Redis;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>WATCH: a transaction takes effect only if its key has not changed. Clients build counters and locks on it.</summary>
public sealed class WatchTests(RespCluster cluster) : KeyOnBothSilos(cluster), IClassFixture<RespCluster>
{
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

    [Fact]
    public async Task Counter_IncrementedUnderWatch_CountsEveryTransactionThatCommitted()
    {
        RespSocket[] sockets = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => RespSocket.ConnectAsync(Cluster.Addresses[i % 2])));

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
        await using ConnectionMultiplexer connection = await PatientRedis.ConnectAsync(Cluster.Endpoints[0]);
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
}
