using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrleansSessions.ServiceDefaults.Telemetry;

/// <summary>Shows in the metrics what <c>/healthz/ready</c> answers, as of the last time that the process asked itself.</summary>
internal sealed class ReadyMetric : IHealthCheckPublisher
{
    public const string MeterName = "OrleansSessions";

    private volatile int _ready;

    public ReadyMetric(IMeterFactory meters) =>
        meters.Create(MeterName).CreateObservableGauge("orleans_sessions.ready", () => _ready, unit: null, "Whether the process is ready: 1 or 0.");

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        _ready = report.Status == HealthStatus.Unhealthy ? 0 : 1;
        return Task.CompletedTask;
    }
}
