using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrleansSessions.ServiceDefaults.Telemetry;

/// <summary>Metric that shows the latest result of the readiness checks, as in <c>/healthz/ready</c>.</summary>
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
