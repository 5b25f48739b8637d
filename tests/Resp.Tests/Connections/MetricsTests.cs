using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansSessions.Resp.Metrics;

namespace OrleansSessions.Resp.Tests.Connections;

public sealed class MetricsTests
{
    [Fact]
    public async Task Commands_AreCountedByNamesThatClientsCanNotMakeUp()
    {
        ConcurrentQueue<string> counted = [];
        using MeterListener listener = new();
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == RespMetrics.MeterName && instrument.Name == "orleans_sessions.resp.commands"
                && ReferenceEquals(instrument.Meter.Scope, endpoint.MeterScope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            counted.Enqueue($"{value} {string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))}"));
        listener.Start();

        using RespTestClient client = await endpoint.ConnectAsync();
        await client.AskAsync("ping");
        await client.AskAsync("CLIENT GETNAME");
        await client.AskAsync("ECHO");
        await client.AskAsync("made-up-name");
        Assert.Equal(
            ["1 command=ping outcome=ok", "1 command=client|getname outcome=ok", "1 command=echo outcome=error", "1 command=other outcome=error"],
            counted);
    }
}
