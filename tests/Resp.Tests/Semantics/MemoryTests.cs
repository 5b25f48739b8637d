using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;
using OrleansSessions.Resp.Tests.Connections;
using OrleansSessions.Resp.Tests.Protocol;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>Memory that arbitrary clients and slow readers make a silo hold.</summary>
[Collection(typeof(AloneCollection))]
public sealed class MemoryTests : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;
    private const int WarmUp = 3_000;
    private const int Tokens = 20_000;

    /// <summary>Orleans interns the latest 128,000 grain keys, half a kilobyte each. A leaked activation would take several kilobytes.</summary>
    private const int AllowedBytesPerToken = 1_024;
    private const int KeysAtOnce = 100;

    private readonly RespCluster _cluster = new() { Settings = { ["Resp:MaxBufferedBytes"] = $"{128 * MiB}", ["Resp:SlowClientTimeout"] = "00:10:00" } };

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    [Fact]
    public async Task RandomTokens_LeaveNothingBehind()
    {
        using RespTestClient client = await ConnectAsync();
        await AskForUnknownSessionsAsync(client, WarmUp);
        long before = await SettledMemory.MeasureAsync(TestContext.Current.CancellationToken);

        await AskForUnknownSessionsAsync(client, Tokens);

        Assert.InRange(await SettledMemory.MeasureAsync(TestContext.Current.CancellationToken) - before, long.MinValue, Tokens * AllowedBytesPerToken);
    }

    /// <summary>Without a limit this would be 12 times 60 MiB.</summary>
    [Fact]
    public async Task ClientsThatAskForMuchAndReadNothing_HoldNoMoreThanAllowed()
    {
        string key = "big:" + SessionToken.CreateWithoutSecret().Value;
        await using (RedisClient writer = await RedisClient.ConnectAsync(_cluster.Endpoints[0]))
        {
            await writer.RunAsync("SET", key, new byte[1_000_000]);
        }

        byte[] command = Frames.Encode([.. Enumerable.Repeat(Frames.Bytes(key), 60).Prepend("MGET"u8.ToArray())]);
        long before = await SettledMemory.MeasureAsync(TestContext.Current.CancellationToken);
        List<RespTestClient> clients = [];
        for (int i = 0; i < 12; i++)
        {
            RespTestClient client = await ConnectAsync();
            clients.Add(client);
            await client.SendAsync(command);
        }

        await RespEndpoint.UntilAsync("some are closed", () => _cluster.Log.Text.Contains("Resp:MaxBufferedBytes", StringComparison.Ordinal));

        // A closed connection releases what it has collected when its command notices.
        await RespEndpoint.UntilAsync("what is left fits", () => GC.GetTotalMemory(forceFullCollection: true) - before < 200 * MiB);
        clients.ForEach(static client => client.Dispose());
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private Task<RespTestClient> ConnectAsync() => RespTestClient.ConnectAsync(System.Net.IPEndPoint.Parse(_cluster.Endpoints[0]));

    private static async Task AskForUnknownSessionsAsync(RespTestClient client, int count)
    {
        for (int i = 0; i < count; i += KeysAtOnce)
        {
            await client.SendAsync(Frames.Encode(
                [.. Enumerable.Range(0, KeysAtOnce).Select(static _ => Frames.Bytes("PHPREDIS_SESSION:" + SessionToken.CreateWithoutSecret().Value)).Prepend("MGET"u8.ToArray())]));
            Assert.Equal($"*{KeysAtOnce}\r\n", await client.ReadReplyAsync());
            await client.ReadAsync(KeysAtOnce * "$-1\r\n".Length);
        }
    }
}
