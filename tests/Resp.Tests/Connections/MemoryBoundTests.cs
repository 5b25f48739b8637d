using System.Diagnostics.Metrics;
using OrleansSessions.Resp.Metrics;
using OrleansSessions.Resp.Tests.Protocol;

namespace OrleansSessions.Resp.Tests.Connections;

/// <summary>Memory that all connections together make the endpoint hold.</summary>
public sealed class MemoryBoundTests
{
    private const long MiB = 1024 * 1024;

    [Fact]
    public async Task Clients_RequestingMuchAndReadingNothing_AreClosedUntilTheRestFits()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options => options.MaxBufferedBytes = 100 * MiB);
        using RespTestClient other = await endpoint.ConnectAsync();
        using MeterListener listener = Count(endpoint, out Func<long> closed);
        List<RespTestClient> clients = [];
        for (int i = 0; i < 12; i++)
        {
            RespTestClient client = await endpoint.ConnectAsync();
            clients.Add(client);
            await client.SendAsync("HUGE\r\n");
        }

        // Three replies of 32 MiB fit.
        await RespEndpoint.UntilAsync("nine are closed", () => closed() == 9 && endpoint.Open == 1 + 3);

        Assert.InRange(endpoint.Held, 96 * MiB, 100 * MiB);
        Assert.Single(endpoint.Log.Text.Split('\n'), static line => line.Contains("Resp:MaxBufferedBytes", StringComparison.Ordinal));
        Assert.Equal("+PONG\r\n", await other.AskAsync("PING"));
        clients.ForEach(static client => client.Dispose());
        await RespEndpoint.UntilAsync("nothing is held any more", () => endpoint.Held == 0);
    }

    [Fact]
    public async Task ClientThatReads_GetsItsReplyWhileOthersThatDoNotAreClosed()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options => options.MaxBufferedBytes = 70 * MiB);
        List<RespTestClient> stalled = [];
        for (int i = 0; i < 2; i++)
        {
            RespTestClient client = await endpoint.ConnectAsync();
            stalled.Add(client);
            await client.SendAsync("HUGE\r\n");
            int waiting = i + 1;
            await RespEndpoint.UntilAsync("it waits", () => endpoint.Held > waiting * ScriptedCommands.HugeReplies * MiB);
        }

        using RespTestClient reader = await endpoint.ConnectAsync();
        await reader.SendAsync("HUGE\r\n");

        Assert.Equal($"*{ScriptedCommands.HugeReplies}\r\n", await reader.ReadReplyAsync());
        for (int i = 0; i < ScriptedCommands.HugeReplies; i++)
        {
            Assert.StartsWith($"${ScriptedCommands.BigBytes}\r\n", await reader.ReadReplyAsync());
        }

        Assert.Equal("+PONG\r\n", await reader.AskAsync("PING"));
        Assert.Equal(2, endpoint.Open);
        stalled.ForEach(static client => client.Dispose());
    }

    [Fact]
    public async Task CommandsThatAreNeverFinished_CountToo()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(static options =>
        {
            options.MaxBulkBytes = 16 * (int)MiB;
            options.MaxBufferedBytes = 64 * MiB;
        });
        byte[] command = Frames.Encode("ECHO"u8.ToArray(), new byte[16 * MiB]);
        List<RespTestClient> clients = [];
        for (int i = 0; i < 6; i++)
        {
            RespTestClient client = await endpoint.ConnectAsync();
            clients.Add(client);
            try
            {
                await client.SendAsync(command[..^(int)MiB]);
            }
            catch (IOException)
            {
                // The connection has been closed.
            }
        }

        await RespEndpoint.UntilAsync("some are closed", () => endpoint.Open <= 4);
        Assert.True(endpoint.Held <= 64 * MiB);
        clients.ForEach(static client => client.Dispose());
    }

    /// <summary>Small replies are not counted one by one, but the buffer of a connection whose client reads none of them is.</summary>
    [Fact]
    public async Task Clients_ReadingNothing_AreCountedForAnyCommand()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        byte[] echo = Frames.Encode("ECHO"u8.ToArray(), new byte[1_000]);
        byte[] many = [.. Enumerable.Repeat(echo, 2_000).SelectMany(static command => command)];
        using var enough = new CancellationTokenSource();
        Task sending = SendUntilAsync(client, many, enough.Token);

        await RespEndpoint.UntilAsync("it is counted", () => endpoint.Held > 0);

        await enough.CancelAsync();
        client.Dispose();
        await sending;
        await RespEndpoint.UntilAsync("it is not counted any more", () => endpoint.Held == 0);
    }

    private static async Task SendUntilAsync(RespTestClient client, byte[] commands, CancellationToken enough)
    {
        try
        {
            while (!enough.IsCancellationRequested)
            {
                await client.SendAsync(commands);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The connection has been closed.
        }
    }

    private static MeterListener Count(RespEndpoint endpoint, out Func<long> closed)
    {
        long count = 0;
        var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == RespMetrics.MeterName && instrument.Name == "orleans_sessions.resp.connections.closed_for_memory"
                && ReferenceEquals(instrument.Meter.Scope, endpoint.MeterScope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref count, value));
        listener.Start();
        closed = () => Interlocked.Read(ref count);
        return listener;
    }
}
