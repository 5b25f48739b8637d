using System.Text.Json.Serialization;

namespace OrleansSessions.Bench.Runner.Load;

/// <summary>Result of a wrk run, as printed by <c>sessions.lua</c>. Times in microseconds.</summary>
internal sealed record WrkResult(
    long Requests, long Duration, long P50, long P99, [property: JsonPropertyName("p999")] long P999, long Max, long Failed, long Disconnected)
{
    public double Seconds => Duration / 1e6;

    /// <summary>Requests with an error response or none.</summary>
    public long Errors => Failed + Disconnected;
}
