using System.Net;
using System.Net.Sockets;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>A silo process and the relay between it and Redis, which kills it at the fault point.</summary>
internal sealed class SiloRelay : IAsyncDisposable
{
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(60);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _name;
    private readonly int _redis;
    private readonly FaultPoint _point;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly Task _accepting;
    private MemberProcess? _silo;
    private Task _started = Task.CompletedTask;

    /// <summary>Starts the relay, and no silo yet.</summary>
    public SiloRelay(string name, int redis, FaultPoint point, IReadOnlyDictionary<string, string> settings)
    {
        _name = name;
        _redis = redis;
        _point = point;
        _settings = new Dictionary<string, string>(settings)
        {
            // A silo that is started again has the addresses of the one before, as under an orchestrator.
            ["SessionCluster__SiloName"] = name,
            ["SessionCluster__SiloPort"] = $"{LoopbackPort.Next()}",
            ["SessionCluster__GatewayPort"] = $"{LoopbackPort.Next()}",
        };
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Starts the silo.</summary>
    public void Start()
    {
        _silo = MemberProcess.StartSilo($"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}", _settings);
        _started = _silo.UntilAsync("/healthz/ready", HttpStatusCode.OK);
    }

    /// <summary>Waits until the silo is ready, also after a kill.</summary>
    public Task ReadyAsync() => _started;

    public async ValueTask DisposeAsync()
    {
        // First the connections: a kill in progress starts a silo.
        await _stop.CancelAsync();
        await _accepting;
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                TcpClient silo = await _listener.AcceptTcpClientAsync(_stop.Token);
                connections.Add(new RelayedConnection(silo, command => _point.Count(command, _name), KillAsync).RunAsync(_redis, _stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    /// <summary>Kills the silo, and starts it again.</summary>
    private async Task KillAsync()
    {
        MemberProcess killed = _silo ?? throw new InvalidOperationException($"{_name} is not started.");
        await killed.Process.StopAsync(Signal.Kill, KillTimeout);
        await killed.DisposeAsync();
        Start();
    }
}
