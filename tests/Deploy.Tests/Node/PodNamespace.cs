using System.Net;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Network namespace with its address in the pods' network.</summary>
internal sealed class PodNamespace(string name, IPAddress address) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _isDisposed;

    public IPAddress Address { get; } = address;

    /// <summary>The command prefix that runs a command inside.</summary>
    public IReadOnlyList<string> Enter { get; } = ["nsenter", $"--net=/run/netns/{name}", "--"];

    /// <summary>Replaces a table of nft rules.</summary>
    public void Apply(string table, string rules)
    {
        string file = _folder.File("rules.nft");
        File.WriteAllText(file, $"table {table}\ndelete table {table}\ntable {table} {{\n{rules}\n}}\n");
        Command.Run([.. Enter, "nft", "-f", file]);
    }

    /// <summary>Whether a connection from inside succeeds.</summary>
    public async Task<bool> CanReachAsync(IPAddress address, int port) =>
        (await Command.TryRunAsync(TimeSpan.FromSeconds(20), [.. Enter, "timeout", "3", "bash", "-c", $"< /dev/tcp/{address}/{port}"])).ExitCode == 0;

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Command.Run("ip", "netns", "delete", name);
            _folder.Dispose();
        }
    }
}
