using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansSessions.Connectivity.ClusterTls;

namespace OrleansSessions.Connectivity.Tests.ClusterTls;

/// <summary>Listener to the refusal counter of one meter factory; records <c>port/reason</c>.</summary>
internal sealed class RefusalListener : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _refusals = new();

    public RefusalListener(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == RefusalReporter.CounterName && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _refusals.Enqueue($"{tags[0].Value}/{tags[1].Value}"));
        _listener.Start();
    }

    public IReadOnlyCollection<string> Refusals => _refusals;

    public void Dispose() => _listener.Dispose();
}
