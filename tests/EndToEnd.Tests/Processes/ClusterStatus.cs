using System.Text.Json;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>Status file of the local cluster.</summary>
internal sealed record ClusterStatus(
    bool Ready, Uri? Url, string? Resp, string? Redis, IReadOnlyList<SiloStatus> Silos, IReadOnlyList<FrontendStatus> Frontends)
{
    /// <summary>The process ids of all members.</summary>
    public IEnumerable<int> Members => Silos.Select(silo => silo.Pid).Concat(Frontends.Select(frontend => frontend.Pid));

    /// <summary>Reads the file; null if it does not exist yet.</summary>
    public static ClusterStatus? Read(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<ClusterStatus>(File.ReadAllText(path), JsonSerializerOptions.Web) : null;
}
