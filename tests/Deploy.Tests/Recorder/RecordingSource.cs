using Microsoft.Extensions.Configuration;

namespace OrleansSessions.Recorder;

/// <summary>Empty configuration source.</summary>
internal sealed class RecordingSource(string file) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new RecordingProvider(file);
}
