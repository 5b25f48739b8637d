using Microsoft.Extensions.Configuration;

namespace OrleansSessions.Recorder;

/// <summary>A source of settings that has none.</summary>
internal sealed class RecordingSource(string file) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new RecordingProvider(file);
}
