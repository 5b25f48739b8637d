using Microsoft.Extensions.Configuration;

namespace OrleansSessions.Recorder;

/// <summary>Configuration provider that records each lookup and returns nothing. The last provider is asked first.</summary>
internal sealed class RecordingProvider(string file) : ConfigurationProvider
{
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    public override bool TryGet(string key, out string? value)
    {
        lock (_seen)
        {
            if (_seen.Add(key))
            {
                File.AppendAllText(file, key + '\n');
            }
        }

        value = null;
        return false;
    }
}
