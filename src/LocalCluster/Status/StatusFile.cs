using System.Text.Json;
using OrleansSessions.LocalCluster.Failures;

namespace OrleansSessions.LocalCluster.Status;

/// <summary>Description of the running cluster, for scripts. Readers see a complete old or a complete new file, and none if no cluster runs.</summary>
internal sealed class StatusFile : IDisposable
{
    private readonly string _path;
    private string? _written;

    private StatusFile(string path) => _path = path;

    /// <summary>Takes over <paramref name="path"/> and removes a file left there by a killed launcher.</summary>
    /// <exception cref="ClusterStartException">The file cannot be written.</exception>
    public static StatusFile Open(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Delete(path);
            return new StatusFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterStartException($"the status file {path} cannot be written: {exception.Message} Choose another with --status-file.", exception);
        }
    }

    public void Write(ClusterStatus status)
    {
        string text = JsonSerializer.Serialize(status, StatusJson.Default.ClusterStatus) + "\n";
        if (text == _written)
        {
            return;
        }

        string temporary = _path + ".tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, _path, overwrite: true);
        _written = text;
    }

    public void Dispose() => File.Delete(_path);
}
