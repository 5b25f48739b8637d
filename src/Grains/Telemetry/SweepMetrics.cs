using System.Diagnostics.Metrics;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Telemetry;

/// <summary>Instruments of the expiry sweep.</summary>
internal sealed class SweepMetrics
{
    private readonly Counter<long> _sweeps;
    private readonly Counter<long> _asked;
    private readonly Histogram<double> _lag;

    public SweepMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(SessionTelemetry.MeterName);
        _sweeps = meter.CreateCounter<long>("orleans_sessions.sweeps", "{sweep}", "Sweeps of a shard.");
        _asked = meter.CreateCounter<long>("orleans_sessions.sweep.sessions", "{session}", "Sessions asked by a sweep whether they have ended.");

        // A sweep every ten seconds is on time: the usual buckets end where lateness begins.
        _lag = meter.CreateHistogram("orleans_sessions.sweep.lag", "s", "Delay between a session's indexed deadline and its sweep.", tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.1, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600],
        });
    }

    public void Swept(string outcome) => _sweeps.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Counts a session that was asked.</summary>
    /// <param name="lateMs">The delay after its deadline.</param>
    /// <param name="outcome"><c>removed</c>, <c>kept</c> or <c>error</c>.</param>
    public void Asked(long lateMs, string outcome)
    {
        _asked.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        _lag.Record(lateMs / 1000d);
    }
}
