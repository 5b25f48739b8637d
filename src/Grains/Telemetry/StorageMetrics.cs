using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Telemetry;

/// <summary>Instrument and spans of the silo's Redis calls.</summary>
internal sealed class StorageMetrics(IMeterFactory meters)
{
    private readonly Histogram<double> _duration = meters.Create(SessionTelemetry.MeterName).CreateHistogram(
        "orleans_sessions.storage.duration", "s", "Calls to Redis for a session or the expiry index.", tags: null, SessionTelemetry.Duration);

    /// <summary>Starts a call. Its span, if there is a listener, is current until <see cref="Answered"/>.</summary>
    public static Activity? StartSpan(StorageOperation operation) =>
        SessionTelemetry.Activities.StartActivity(operation.SpanName, ActivityKind.Client)?.SetTag("db.system.name", "redis").SetTag("db.operation.name", operation.Name);

    /// <summary>Ends a call.</summary>
    public void Answered(StorageOperation operation, string outcome, long started, Activity? span)
    {
        if (_duration.Enabled)
        {
            _duration.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds,
                new KeyValuePair<string, object?>("operation", operation.Name),
                new KeyValuePair<string, object?>("outcome", outcome));
        }

        if (span is not null)
        {
            if (outcome != Outcomes.Ok)
            {
                span.SetTag("error.type", outcome).SetStatus(ActivityStatusCode.Error);
            }

            span.Dispose();
        }
    }
}
