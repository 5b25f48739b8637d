using Microsoft.Extensions.Logging;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Telemetry;

namespace OrleansSessions.Grains.Statistics;

/// <inheritdoc cref="ISiloCounts"/>
internal sealed class SiloCounts(GrainId id, Silo silo, ILoggerFactory loggers, SessionMetrics metrics, ILocalSiloDetails details)
    : GrainService(id, silo, loggers), ISiloCounts
{
    public Task<SiloStatistics> CountAsync() => Task.FromResult(metrics.Count(details.Name));
}
