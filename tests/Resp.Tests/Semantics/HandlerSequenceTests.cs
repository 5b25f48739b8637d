using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>Command sequences of session handlers that lock or compare.</summary>
public sealed class HandlerSequenceTests(RespCluster cluster) : IClassFixture<RespCluster>
{
    /// <summary>Magento's handler: one hash per session, locked by the request that increments its field <c>lock</c> to 1.</summary>
    [Fact]
    public async Task Magento_RequestsOfOneSession_RunOneAfterTheOther()
    {
        const int requests = 6;
        string key = "sess_" + SessionToken.CreateWithoutSecret().Value;
        int inside = 0;

        await EachOrNoneAsync(requests, async (number, failed) =>
        {
            using RespSocket redis = await RespSocket.ConnectAsync(cluster.Addresses[number % 2]);
            await redis.AskAsync("SELECT", "2");
            while ((await redis.AskAsync("HINCRBY", key, "lock", "1")).Text != ":1")
            {
                // Another request has the lock.
                failed.ThrowIfCancellationRequested();
            }

            Assert.Equal(1, Interlocked.Increment(ref inside));
            await redis.AskAsync("MULTI");
            await redis.AskAsync("HMSET", key, "pid", $"host|{number}");
            await redis.AskAsync("HMGET", key, "data", "writes");
            RespAnswer data = await redis.AskAsync("EXEC");
            string before = data.Items![1].Items![0].Text;
            Interlocked.Decrement(ref inside);

            await redis.AskAsync("MULTI");
            await redis.AskAsync("HMSET", key, "data", (before == "$-1" ? "" : before[1..]) + $"[{number}]", "lock", "0");
            await redis.AskAsync("HINCRBY", key, "writes", "1");
            await redis.AskAsync("EXPIRE", key, "600");
            Assert.Equal(3, (await redis.AskAsync("EXEC")).Items!.Count);
        });

        using RespSocket reader = await RespSocket.ConnectAsync(cluster.Addresses[0]);
        await reader.AskAsync("SELECT", "2");
        string stored = (await reader.AskAsync("HGET", key, "data")).Text;
        Assert.All(Enumerable.Range(0, requests), number => Assert.Contains($"[{number}]", stored, StringComparison.Ordinal));
        Assert.Equal($"${requests}", (await reader.AskAsync("HGET", key, "writes")).Text);
        Assert.InRange(long.Parse((await reader.AskAsync("TTL", key)).Text.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture), 590, 600);
    }

    /// <summary>pyramid_redis_sessions: WATCH ensures that a new id does not exist yet.</summary>
    [Fact]
    public async Task Pyramid_CreatingOneId_IsDoneByOne()
    {
        string key = SessionToken.CreateWithoutSecret().Value;
        RespSocket[] sockets = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => RespSocket.ConnectAsync(cluster.Addresses[i % 2])));

        await Task.WhenAll(sockets.Select(static socket => socket.AskAsync("INFO")));
        RespAnswer[] watched = await Task.WhenAll(sockets.Select(socket => socket.AskAsync("WATCH", key)));
        RespAnswer[] values = await Task.WhenAll(sockets.Select(socket => socket.AskAsync("GET", key)));
        await Task.WhenAll(sockets.Select(static socket => socket.AskAsync("MULTI")));
        await Task.WhenAll(sockets.Select((socket, i) => socket.AskAsync("SETEX", key, "1200", $"session of {i}")));
        RespAnswer[] executed = await Task.WhenAll(sockets.Select(static socket => socket.AskAsync("EXEC")));

        Assert.All(watched, static answer => Assert.Equal("+OK", answer.Text));
        Assert.All(values, static answer => Assert.Equal("$-1", answer.Text));
        int winner = Assert.Single(Enumerable.Range(0, sockets.Length), i => executed[i].Items is not null);
        Assert.Equal($"$session of {winner}", (await sockets[0].AskAsync("GET", key)).Text);
        Array.ForEach(sockets, static socket => socket.Dispose());
    }

    /// <summary>Runs requests concurrently. If one fails, cancels the others: they may wait for a lock that it never releases.</summary>
    private static async Task EachOrNoneAsync(int requests, Func<int, CancellationToken, Task> request)
    {
        using var failed = new CancellationTokenSource();
        await Task.WhenAll(Enumerable.Range(0, requests).Select(async number =>
        {
            try
            {
                await request(number, failed.Token);
            }
            catch
            {
                await failed.CancelAsync();
                throw;
            }
        }));
    }
}
