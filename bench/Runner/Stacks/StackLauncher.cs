using System.Globalization;
using OrleansSessions.Bench.Runner.Processes;

namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>Launcher of a stack's programs, each configured as its documentation recommends for production.</summary>
/// <param name="plan">The stack.</param>
/// <param name="folder">The folder for the programs' files.</param>
/// <param name="processes">Receives the started processes, in order.</param>
/// <param name="quotas">Receives the limits of processes.</param>
internal sealed class StackLauncher(StackPlan plan, TemporaryFolder folder, List<StartedProcess> processes, List<ProcessorQuota> quotas)
{
    private const string Loopback = "127.0.0.1";

    /// <summary>Folder of the programs' output.</summary>
    public static string Logs { get; } = Directory.CreateDirectory(Repository.Source("TestResults/bench")).FullName;

    /// <summary>The Unix socket of the session store.</summary>
    private string SessionSocket => folder.File("sessions.sock");

    /// <summary>Starts Redis with an append-only file that is flushed every second.</summary>
    /// <returns>Its address.</returns>
    public string StartRedis()
    {
        int port = LoopbackPort.Next();
        string[] command =
        [
            Programs.Find("redis-server"), "--bind", Loopback, "--port", Text(port), "--dir", folder.Path,
            "--appendonly", "yes", "--appendfsync", "everysec", "--save", string.Empty,
            .. plan is { UsesUnixSocket: true, Silos: 0 } ? ["--unixsocket", SessionSocket] : (string[])[],
        ];
        Start("redis", command);
        return $"{Loopback}:{port}";
    }

    /// <summary>Starts the silos, if there are any.</summary>
    /// <returns>The address of the first silo's Redis-protocol endpoint, and the URLs of all silos' health and metrics.</returns>
    public (string? Endpoint, IReadOnlyList<Uri> Management) StartSilos(string redis)
    {
        string? endpoint = null;
        List<Uri> management = [];
        for (int i = 0; i < plan.Silos; i++)
        {
            int port = LoopbackPort.Next();
            endpoint ??= $"{Loopback}:{port}";
            Dictionary<string, string> environment = Silo($"silo-{i}", redis);
            environment["Resp__Port"] = Text(port);
            if (plan.Home == SessionHome.Endpoint)
            {
                environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
            }

            if (plan.UsesUnixSocket)
            {
                environment["Resp__UnixSocket"] = SessionSocket;
            }

            management.Add(new Uri($"http://{Loopback}:{LoopbackPort.Next()}"));
            environment["ASPNETCORE_URLS"] = management[i].ToString();
            Start("silo", [.. Limit(i), "dotnet", Repository.Program("src/Silo", "Silo")], environment);
        }

        return (endpoint, management);
    }

    /// <summary>Starts the silo that creates its own sessions.</summary>
    /// <returns>The URL of its endpoints.</returns>
    public Uri StartGrowthSilo(string redis)
    {
        var url = new Uri($"http://{Loopback}:{LoopbackPort.Next()}");
        Dictionary<string, string> environment = Silo("silo-0", redis);
        environment["ASPNETCORE_URLS"] = url.ToString();
        environment["SessionCluster__ActivationIdleTime"] = "02:00:00";
        Start("silo", ["dotnet", Repository.Program("bench/GrowthSilo", "Bench.GrowthSilo")], environment);
        return url;
    }

    /// <summary>Starts the frontends, and a web server in front of them if needed.</summary>
    /// <param name="redis">The address of Redis.</param>
    /// <param name="sessions">The address of the Redis-protocol session store.</param>
    /// <returns>The port for requests, and the ports of the frontends behind it.</returns>
    public (int Port, IReadOnlyList<int> Frontends) StartFrontends(string redis, string sessions) => plan.Kind switch
    {
        FrontendKind.Php => (StartPhp(sessions), []),
        FrontendKind.Express => (StartExpress(sessions), []),
        _ => StartAspNet(redis),
    };

    private (int Port, IReadOnlyList<int> Frontends) StartAspNet(string redis)
    {
        int[] ports = [.. Enumerable.Range(0, plan.Frontends).Select(_ => LoopbackPort.Next())];
        for (int i = 0; i < ports.Length; i++)
        {
            Dictionary<string, string> environment = Silo($"frontend-{i}", redis);
            environment["Bench__BackEnd"] = plan.Home.ToString();
            environment["Bench__Keys"] = folder.File("keys");
            environment["ASPNETCORE_URLS"] = $"http://{Loopback}:{ports[i]}";
            string[] limited = plan.Home == SessionHome.CoHost ? Limit(i) : [];
            Start("frontend", [.. limited, "dotnet", Repository.Program("bench/App", "Bench.App")], environment);
        }

        return (plan.Balancing == Balancing.None ? ports[0] : StartNginx(port => NginxConfiguration.Frontends(port, ports, plan.Balancing)), ports);
    }

    private int StartPhp(string sessions)
    {
        string socket = folder.File("fpm.sock");
        File.WriteAllText(folder.File("php.ini"), PhpConfiguration.Ini(plan.UsesUnixSocket ? $"unix://{SessionSocket}" : $"tcp://{sessions}", plan.Locks));
        File.WriteAllText(folder.File("fpm.conf"), PhpConfiguration.Pool(socket));
        List<string> command = [Programs.FindPhpFpm(), "--nodaemonize", "-y", folder.File("fpm.conf"), "-c", folder.File("php.ini")];
        if (Environment.IsPrivilegedProcess)
        {
            command.Add("--allow-to-run-as-root");
        }

        Start("frontend", command);
        return StartNginx(port => NginxConfiguration.Php(port, socket, Repository.Source("bench/peers/php/index.php")));
    }

    private int StartExpress(string sessions)
    {
        int port = LoopbackPort.Next();
        Start(
            "frontend",
            [Programs.Find("node"), Repository.Source("bench/peers/express/server.js"), Text(port), $"redis://{sessions}"],
            new() { ["NODE_ENV"] = "production" });
        return port;
    }

    private int StartNginx(Func<int, string> configure)
    {
        int port = LoopbackPort.Next();
        File.WriteAllText(folder.File("nginx.conf"), configure(port));
        Start("balancer", [Programs.Find("nginx"), "-e", "stderr", "-p", folder.Path, "-c", "nginx.conf"]);
        return port;
    }

    private string[] Limit(int number)
    {
        switch (plan.CoreLimit)
        {
            case CoreLimit.OneCore:
                return [Programs.Find("taskset"), "--cpu-list", Text(number % Environment.ProcessorCount)];
            case CoreLimit.Quota:
                var quota = new ProcessorQuota($"{plan.Name}-{number}");
                quotas.Add(quota);
                return quota.Command;
            default:
                return [];
        }
    }

    private Dictionary<string, string> Silo(string name, string redis) => new()
    {
        ["ConnectionStrings__Redis"] = redis,
        ["SessionCluster__ClusterId"] = plan.ClusterId,
        ["SessionCluster__SiloName"] = name,
        ["SessionCluster__AdvertisedAddress"] = Loopback,
        ["SessionCluster__SiloPort"] = Text(LoopbackPort.Next()),
        ["SessionCluster__GatewayPort"] = Text(LoopbackPort.Next()),
        // As in the container images.
        ["DOTNET_TC_DelaySingleProcMultiplier"] = "1",
        ["Logging__LogLevel__Default"] = "Warning",
        ["Logging__LogLevel__OrleansSessions"] = "Warning",
    };

    private void Start(string role, IReadOnlyList<string> command, Dictionary<string, string>? environment = null) =>
        processes.Add(StartedProcess.Start(role, command, Path.Combine(Logs, $"{plan.Name}-{processes.Count}-{role}.log"), environment));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
