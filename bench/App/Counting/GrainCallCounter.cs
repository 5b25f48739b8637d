using System.Diagnostics.Metrics;

namespace OrleansSessions.Bench.App.Counting;

/// <summary>
/// Count of the grain calls that the silo in this process has run, from Orleans' own counter. Calls of Orleans' system targets are not in it. Listening costs one atomic
/// addition per message; silos in their own processes, which serve metrics, pay the same.
/// </summary>
internal sealed class GrainCallCounter : IDisposable
{
    private const string Meter = "Microsoft.Orleans";
    private const string Instrument = "orleans-messaging-processing-dispatcher-processed";

    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new()
    {
        InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meter && instrument.Name == Instrument)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        },
    };

    private long _calls;

    public GrainCallCounter()
    {
        _listener.SetMeasurementEventCallback<long>((_, measurement, tags, _) => _calls += IsRunRequest(tags) ? measurement : 0);
        _listener.Start();
    }

    /// <summary>Returns the number of calls so far.</summary>
    public long Read()
    {
        lock (_lock)
        {
            _calls = 0;
            _listener.RecordObservableInstruments();
            return _calls;
        }
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsRunRequest(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        bool isRequest = false;
        bool isRun = false;
        foreach ((string name, object? value) in tags)
        {
            isRequest |= name == "Direction" && value is "Request";
            isRun |= name == "Status" && value is "Ok";
        }

        return isRequest && isRun;
    }
}
