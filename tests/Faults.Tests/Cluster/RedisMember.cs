using System.Globalization;
using System.Net.Sockets;
using System.Text;
using OrleansSessions.Deploy.Tests.Node;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>redis-server that flushes every command to its append-only file before it answers.</summary>
internal sealed class RedisMember(string name, PodNamespace network, RedisMember? primary = null) : Member(name, network)
{
    public const int Port = 6379;

    private readonly TemporaryFolder _folder = new();

    public string Endpoint { get; } = string.Create(CultureInfo.InvariantCulture, $"{network.Address}:{Port}");

    /// <summary>The folder of its files.</summary>
    public string Folder => _folder.Path;

    /// <summary>The primary that it replicates when it starts; null: it is a primary.</summary>
    public RedisMember? Primary { get; set; } = primary;

    protected override IReadOnlyList<string> Arguments =>
    [
        Tools.Find(Tools.RedisServer), "--bind", Address.ToString(), "--port", Port.ToString(CultureInfo.InvariantCulture), "--protected-mode", "no",
        "--dir", Folder, "--appendonly", "yes", "--appendfsync", "always", "--save", string.Empty, "--repl-diskless-sync-delay", "0",
        .. Primary is null ? (string[])[] : ["--replicaof", Primary.Address.ToString(), Port.ToString(CultureInfo.InvariantCulture)],
    ];

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    public override async Task<bool> IsReadyAsync() => IsRunning && await AskAsync("PING") is "+PONG";

    /// <summary>Sends an inline command.</summary>
    /// <returns>The first line of the reply; null if there was none within a second.</returns>
    public async Task<string?> AskAsync(string command)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(Address, Port, limit.Token);
            await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), limit.Token);
            using var reader = new StreamReader(tcp.GetStream());
            return await reader.ReadLineAsync(limit.Token);
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
