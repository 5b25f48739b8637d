using System.Globalization;
using OrleansSessions.Deploy.Tests.Node;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>Cluster of silos, frontends and Redis, each with its own address, under a supervisor that restarts members that end by themselves.</summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    private const int Sentinels = 3;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    private readonly PodNetwork _network = new();
    private readonly CancellationTokenSource _end = new();
    private readonly SentinelMember[] _sentinels = [];
    private Task _supervision = Task.CompletedTask;

    private FaultCluster(Layout layout)
    {
        Layout = layout;
        Redis = new RedisMember("redis", _network.Add());
        string endpoints = Redis.Endpoint;
        if (layout.Redis != RedisTopology.Single)
        {
            Replica = new RedisMember("replica", _network.Add(), Redis);
            endpoints = $"{Redis.Endpoint},{Replica.Endpoint}";
        }

        if (layout.Redis == RedisTopology.Sentinel)
        {
            _sentinels = [.. Enumerable.Range(1, Sentinels).Select(number => new SentinelMember(Numbered("sentinel", number), _network.Add(), Redis))];
            endpoints = $"{string.Join(',', _sentinels.Select(sentinel => sentinel.Endpoint))},serviceName={SentinelMember.Service}";
        }

        SiloMember[] silos = [.. Enumerable.Range(1, layout.Silos).Select(number => new SiloMember(Numbered("silo", number), _network.Add(), endpoints))];
        Frontends =
        [
            .. Enumerable.Range(1, layout.Frontends)
                .Select(number => new FrontendMember(Numbered("frontend", number), _network.Add(), endpoints, isSilo: silos.Length == 0)),
        ];
        Silos = silos.Length == 0 ? Frontends : silos;
        Members = [Redis, .. Replica is null ? (Member[])[] : [Replica], .. _sentinels, .. silos, .. Frontends];
    }

    public Layout Layout { get; }

    public RedisMember Redis { get; }

    /// <summary>The replica, if the layout has one.</summary>
    public RedisMember? Replica { get; }

    /// <summary>The silos; with co-hosting, the frontends.</summary>
    public IReadOnlyList<ServiceMember> Silos { get; }

    public IReadOnlyList<FrontendMember> Frontends { get; }

    public IReadOnlyList<Member> Members { get; }

    public Cuts Cuts { get; } = new();

    /// <summary>How often members have ended by themselves.</summary>
    public int Ends => Members.Sum(member => member.Ends);

    /// <summary>Skips the running test if no cluster can be created. On a CI machine the test runs and fails.</summary>
    public static void Require()
    {
        foreach (string tool in (string[])["nft", "ip", "nsenter", "setsid", "setpriv", Tools.RedisServer])
        {
            Tools.Require(tool);
        }

        Assert.SkipUnless(Environment.IsPrivilegedProcess || Tools.IsContinuousIntegration, "Network namespaces are made by root only.");
    }

    /// <summary>Starts all members and waits until they are ready.</summary>
    public static async Task<FaultCluster> StartAsync(Layout layout)
    {
        var cluster = new FaultCluster(layout);
        try
        {
            foreach (Member member in cluster.Members)
            {
                member.Start();
            }

            cluster._supervision = Task.Run(cluster.SuperviseAsync);
            await cluster.UntilWholeAsync(StartTimeout);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until all members are ready.</summary>
    public Task<TimeSpan> UntilWholeAsync(TimeSpan within) => Eventually.TrueAsync("all members are ready", within, IsWholeAsync);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _supervision;
        foreach (Member member in Members.Reverse())
        {
            await member.DisposeAsync();
        }

        _network.Dispose();
        _end.Dispose();
    }

    private static string Numbered(string role, int number) => string.Create(CultureInfo.InvariantCulture, $"{role}-{number}");

    private async Task<bool> IsWholeAsync() => (await Task.WhenAll(Members.Select(member => member.IsReadyAsync()))).All(isReady => isReady);

    private async Task SuperviseAsync()
    {
        using var timer = new PeriodicTimer(RestartDelay);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await Task.WhenAll(Members.Select(member => member.RestartIfEndedAsync()));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
