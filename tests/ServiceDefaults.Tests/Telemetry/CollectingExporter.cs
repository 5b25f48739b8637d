using OpenTelemetry;

namespace OrleansSessions.ServiceDefaults.Tests.Telemetry;

/// <summary>Keeps the names of what is exported.</summary>
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
