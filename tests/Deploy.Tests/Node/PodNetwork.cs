using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Pod network: a bridge; the node has the first address, and every pod its own.</summary>
internal sealed class PodNetwork : IDisposable
{
    private static readonly string Subnet = FindSubnet();
    private const string Prefix = "ossp";

    private readonly string _bridge = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}");
    private readonly List<PodNamespace> _namespaces = [];
    private readonly List<string> _links = [];
    private int _next = 2;

    public PodNetwork()
    {
        RemoveLeftovers();
        Command.Run("ip", "link", "add", _bridge, "type", "bridge");
        Command.Run("ip", "address", "add", $"{Node}/24", "dev", _bridge);
        Command.Run("ip", "link", "set", _bridge, "up");
    }

    /// <summary>The node's address, from which probes come.</summary>
    public static IPAddress Node { get; } = IPAddress.Parse($"{Subnet}.1");

    /// <summary>An address reserved for the Service.</summary>
    public static IPAddress Service { get; } = IPAddress.Parse($"{Subnet}.250");

    /// <summary>Adds a network namespace with its own address.</summary>
    public PodNamespace Add()
    {
        int number = _next++;
        string name = string.Create(CultureInfo.InvariantCulture, $"{_bridge}-{number}");
        var added = new PodNamespace(name, IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"{Subnet}.{number}")));
        _namespaces.Add(added);
        string link = string.Create(CultureInfo.InvariantCulture, $"{_bridge}v{number}");
        Command.Run("ip", "netns", "add", name);
        Command.Run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name);
        _links.Add(link);
        Command.Run("ip", "link", "set", link, "master", _bridge, "up");
        Command.Run("ip", "-n", name, "link", "set", "lo", "up");
        Command.Run("ip", "-n", name, "address", "add", $"{added.Address}/24", "dev", "eth0");
        Command.Run("ip", "-n", name, "link", "set", "eth0", "up");
        return added;
    }

    public void Dispose()
    {
        // A namespace deletes its link asynchronously, but the next network may use the same name.
        _links.ForEach(DeleteLink);
        _namespaces.ForEach(added => added.Dispose());
        Command.Run("ip", "link", "delete", _bridge);
    }

    // The link of an ended pod may already be gone.
    private static void DeleteLink(string link)
    {
        string folder = $"/sys/class/net/{link}";
        try
        {
            if (Directory.Exists(folder))
            {
                Command.Run("ip", "link", "delete", link);
            }
        }
        catch (InvalidOperationException) when (!Directory.Exists(folder))
        {
        }
    }

    // Removes what a killed test host left behind.
    private static void RemoveLeftovers()
    {
        foreach (string name in Names("/run/netns").Where(name => IsLeftover(name.Split('-')[0])))
        {
            foreach (string process in Command.Run("ip", "netns", "pids", name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                LiveProcess.Find(int.Parse(process, CultureInfo.InvariantCulture))?.Send(Signal.Kill);
            }

            Command.Run("ip", "netns", "delete", name);
        }

        foreach (string bridge in Names("/sys/class/net").Where(IsLeftover))
        {
            Command.Run("ip", "link", "delete", bridge);
        }
    }

    // Picks a subnet in which this machine has no address, because another run may use one.
    private static string FindSubnet()
    {
        string[] taken = [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(link => link.GetIPProperties().UnicastAddresses).Select(own => own.Address.ToString())];
        return Enumerable.Range(0, 256).Select(offset => string.Create(CultureInfo.InvariantCulture, $"10.217.{(byte)(Environment.ProcessId + offset)}"))
            .First(subnet => !taken.Any(own => own.StartsWith(subnet + ".", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.Exists(folder)
            ? Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            : [];

    private static bool IsLeftover(string bridge) =>
        int.TryParse(bridge[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int owner) && LiveProcess.Find(owner) is null;
}
