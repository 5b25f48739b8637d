using OpenTelemetry;

namespace OrleansSessions.ServiceDefaults.Tests.Telemetry;

/// <summary>Exporter that keeps the names of exported items.</summary>
internal sealed class CollectingExporter<T>(Func<T, string> name) : BaseExporter<T>
    where T : class
{
    public HashSet<string> Names { get; } = [];

    public override ExportResult Export(in Batch<T> batch)
    {
        foreach (T item in batch)
        {
            Names.Add(name(item));
        }

        return ExportResult.Success;
    }
}
