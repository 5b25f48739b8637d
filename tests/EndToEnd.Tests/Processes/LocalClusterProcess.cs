using System.Globalization;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>Running LocalCluster: a load balancer, web frontends, silos and, without <c>--redis</c>, a store.</summary>
internal sealed class LocalClusterProcess : IAsyncDisposable
{
    /// <summary>The specification says ten seconds on an idle machine; here tests share it.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly string _data;
    private ChildProcess? _process;

    private LocalClusterProcess(LocalClusterOptions options) => _data = options.Data ?? _folder.File("data");

    private string StatusFile => _folder.File("status.json");

    private IEnumerable<string> LogFiles =>
        Directory.Exists(Path.Combine(_data, "logs")) ? Directory.EnumerateFiles(Path.Combine(_data, "logs")).Order(StringComparer.Ordinal) : [];

    /// <summary>The launcher process.</summary>
    public ChildProcess Launcher => _process ?? throw new InvalidOperationException("The local cluster is not started.");

    /// <summary>The current status file.</summary>
    public ClusterStatus Status => ClusterStatus.Read(StatusFile) ?? throw new InvalidOperationException("The local cluster wrote no status file.");

    /// <summary>The load balancer's URL.</summary>
    public Uri Url => Status.Url ?? throw new InvalidOperationException("The status file has no url.");

    /// <summary>The time from the command until ready.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>All output of the launcher and logs of its members.</summary>
    public string Log => string.Join('\n', LogFiles.Select(ReadLog).Append(Launcher.Output));

    /// <summary>Starts a cluster and waits until it is ready.</summary>
    public static async Task<LocalClusterProcess> StartAsync(LocalClusterOptions options)
    {
        var cluster = new LocalClusterProcess(options);
        try
        {
            cluster._process = ChildProcess.Start("localcluster", cluster.Command(options), options.Environment);
            cluster.StartTime = await cluster._process.UntilAsync("it is ready", StartTimeout, () => ClusterStatus.Read(cluster.StatusFile) is { Ready: true });
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it like a service manager, with all its members.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync() => Launcher.StopAsync(Signal.Terminate, StopTimeout);

    /// <summary>Kills the launcher and all its members at once, like a power failure.</summary>
    public Task KillAllAsync() => Launcher.KillAllAsync();

    /// <summary>Returns a member's process, by the id in the status file.</summary>
    public LiveProcess Member(int id) => Launcher.Processes.Single(process => process.Id == id);

    /// <summary>The processes of all members.</summary>
    public IReadOnlyList<LiveProcess> FindMembers() => [.. Status.Members.Select(Member)];

    /// <summary>Waits until an ended member is replaced and everything is ready again.</summary>
    public Task<TimeSpan> ReplacedAsync(SiloStatus ended, TimeSpan within) => Launcher.UntilAsync($"{ended.Name} is replaced", within, () =>
        Status is { Ready: true } now && now.Silos.Any(silo => silo.Name == ended.Name && silo.Pid != ended.Pid));

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            KeepLogs();
        }

        _folder.Dispose();
    }

    private static string ReadLog(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private void KeepLogs()
    {
        foreach (string file in LogFiles)
        {
            File.Copy(file, Path.Combine(Repository.Results, $"{Launcher.Name}-{Path.GetFileName(file)}"), overwrite: true);
        }
    }

    private List<string> Command(LocalClusterOptions options)
    {
        List<string> command =
        [
            "dotnet", Repository.Program("LocalCluster"),
            "--port", LoopbackPort.Next().ToString(CultureInfo.InvariantCulture),
            "--resp-port", LoopbackPort.Next().ToString(CultureInfo.InvariantCulture),
            "--silos", options.Silos.ToString(CultureInfo.InvariantCulture),
            "--frontends", options.Frontends.ToString(CultureInfo.InvariantCulture),
            "--status-file", StatusFile,
            "--data", _data,
        ];
        if (options.Redis is not null)
        {
            command.AddRange(["--redis", options.Redis]);
        }

        if (options.CoHost)
        {
            command.Add("--cohost");
        }

        if (options.Restart)
        {
            command.Add("--restart");
        }

        if (options.Demo)
        {
            command.Add("--demo");
        }

        return command;
    }
}
