using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OrleansSessions.Contracts;

/// <summary>Names of the cluster's meter and activity source. No span or instrument contains a token, a user or a session's value.</summary>
public static class SessionTelemetry
{
    /// <summary>The meter of silos and their clients.</summary>
    public const string MeterName = "OrleansSessions";

    /// <summary>The activity source of silos and the Redis-protocol endpoint.</summary>
    public const string ActivitySourceName = "OrleansSessions";

    internal static readonly ActivitySource Activities = new(ActivitySourceName);

    /// <summary>Buckets for durations in seconds: from a read served from memory to the callers' time limits.</summary>
    internal static readonly InstrumentAdvice<double> Duration = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };
}
