using System.Globalization;
using OrleansSessions.Deploy.Tests.Node;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>Sentinel that promotes the replica two seconds after the primary stopped answering.</summary>
internal sealed class SentinelMember(string name, PodNamespace network, RedisMember primary) : Member(name, network)
{
    public const string Service = "sessions";

    private const int Port = 26379;

    private readonly TemporaryFolder _folder = new();

    public string Endpoint { get; } = string.Create(CultureInfo.InvariantCulture, $"{network.Address}:{Port}");

    protected override IReadOnlyList<string> Arguments => [Tools.Find(Tools.RedisServer), WriteConfiguration(), "--sentinel"];

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    public override Task<bool> IsReadyAsync() => Task.FromResult(IsRunning);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    // Sentinels store what they learn in their file.
    private string WriteConfiguration()
    {
        string file = _folder.File("sentinel.conf");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, string.Create(
                CultureInfo.InvariantCulture,
                $"""
                bind {Address}
                port {Port}
                protected-mode no
                dir {_folder.Path}
                sentinel monitor {Service} {primary.Address} {RedisMember.Port} 2
                sentinel down-after-milliseconds {Service} 2000
                sentinel failover-timeout {Service} 6000

                """));
        }

        return file;
    }
}
