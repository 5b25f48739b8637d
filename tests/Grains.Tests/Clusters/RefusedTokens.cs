using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Counts the tokens that a cluster's silos refuse, by reason.</summary>
internal sealed class RefusedTokens : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _reasons = new();

    public RefusedTokens(SessionTestCluster cluster)
    {
        object[] meters = [.. cluster.Silos.Select(silo => cluster.ServicesOf(silo).GetRequiredService<IMeterFactory>())];
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "orleans_sessions.tokens_refused" && meters.Contains(instrument.Meter.Scope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _reasons.Enqueue((string)tags[0].Value!));
        _listener.Start();
    }

    public IReadOnlyCollection<string> Reasons => _reasons;

    public void Dispose() => _listener.Dispose();
}
