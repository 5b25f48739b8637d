using System.Net;
using OrleansSessions.EndToEnd.Tests.Clients;
using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Secrets;
using OrleansSessions.EndToEnd.Tests.Sessions;
using OrleansSessions.EndToEnd.Tests.Tls;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Telemetry;

/// <summary>Silo and frontend that have been through every event with an instrument.</summary>
public sealed class ObservedCluster : IAsyncLifetime
{
    private const string Session = "PHPREDIS_SESSION:0123456789abcdef0123456789abcdef";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TestAuthority _authority = new("cluster");
    private readonly List<TestCertificateFolder> _certificates = [];
    private RedisProcess? _redis;
    private TraceSink? _traces;
    private MemberProcess? _silo;
    private MemberProcess? _frontend;

    /// <summary>The secrets used: tokens, ids, values, a user's name.</summary>
    internal List<string> Secrets { get; } = ["a value of a session", "ada-lovelace", Session[17..], "owner-of-the-lock"];

    internal Scrape Before { get; private set; } = new();

    internal Scrape During { get; private set; } = new();

    internal Scrape After { get; private set; } = new();

    internal TraceSink Traces => _traces ?? throw new InvalidOperationException("Nothing was started.");

    public async ValueTask InitializeAsync()
    {
        if (!Tools.Has(Tools.RedisServer))
        {
            return;
        }

        _redis = await RedisProcess.StartAsync();
        _traces = await TraceSink.StartAsync();
        var environment = new Dictionary<string, string>(_traces.Environment)
        {
            ["SessionCluster__SweepInterval"] = "00:00:00.2",
            ["SessionCluster__TombstoneGrace"] = "00:00:01",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["Resp__MaxBufferedBytes"] = "67108864",
            ["Sessions__IOTimeout"] = "00:00:20",
        };
        _silo = MemberProcess.StartSilo(_redis.Address, WithCertificate(environment, TlsCluster.SiloName));
        _frontend = MemberProcess.StartFrontend(_redis.Address, WithCertificate(environment, "frontend"));
        await _silo.UntilAsync("/healthz/ready", HttpStatusCode.OK);
        await _frontend.UntilAsync("/healthz/ready", HttpStatusCode.OK);
        Before = await ScrapeAsync();

        await BrowseAsync();
        await SpeakRespAsync();
        await AskForTooMuchAsync();
        await Stranger.KnockAsync(_silo.GatewayPort, shown: null);
        await FreezeSiloAsync();
        await LoseRedisAsync();
        await LoseStampAsync();
        await MovesAsync("a session expires", "orleans_sessions_sessions_ended_total", "reason=\"idle_timeout\"");
        await MovesAsync("a tombstone is removed", "orleans_sessions_sweep_sessions_total", "outcome=\"removed\"");
        await Eventually.TrueAsync("the metrics say that both are ready", Soon, async () => (await ScrapeAsync()).Sum("orleans_sessions_ready") == 2);
        After = await ScrapeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable? process in (IAsyncDisposable?[])[_frontend, _silo, _traces, _redis])
        {
            await (process?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _certificates.ForEach(folder => folder.Dispose());
        _authority.Dispose();
    }

    private Dictionary<string, string> WithCertificate(Dictionary<string, string> environment, string name)
    {
        var folder = new TestCertificateFolder(_authority.Issue(name), _authority);
        _certificates.Add(folder);
        return new(environment.Concat(
            folder.Settings("SessionCluster__Tls").Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value))));
    }

    private async Task<Scrape> ScrapeAsync() => new((await _silo!.AskAsync("/metrics")).Text, (await _frontend!.AskAsync("/metrics")).Text);

    private Task MovesAsync(string what, string metric, params string[] labels) =>
        Eventually.TrueAsync(what, Soon, async () => (await ScrapeAsync()).Sum(metric, labels) > 0);

    private async Task BrowseAsync()
    {
        using var browser = new Browser(_frontend!.Url);
        await browser.PutAsync("name", Secrets[0]);
        await browser.PutAsync("user", Secrets[1]);
        await browser.IncrementAsync("count");
        (await browser.TryIncrementAsync("name")).Dispose();
        (await browser.TryPutAsync("big", new string('x', 1 << 20))).Dispose();
        Secrets.AddRange(browser.Token!.Split('.'));
        await browser.GetAsync();
        using Browser old = browser.Clone();
        await browser.RotateAsync();
        Secrets.AddRange(browser.Token!.Split('.'));
        await old.GetAsync();
        using Browser stranger = browser.Clone();
        stranger.ForgeToken("nobody-knows-this-token-and-nothing-is-there");
        await stranger.GetAsync();
        string guessed = browser.Token!;
        stranger.ForgeToken(guessed[..^1] + (guessed[^1] == 'A' ? 'Q' : 'A'));
        await stranger.GetAsync();
        await browser.DeleteAsync();
    }

    /// <summary>Causes a late write, a taken lock, an expired session, an unknown command.</summary>
    private async Task SpeakRespAsync()
    {
        using RespConversation one = await RespConversation.StartAsync(_silo!.Resp);
        using RespConversation other = await RespConversation.StartAsync(_silo.Resp);
        await one.AskAsync($"SETEX {Session} 100 'user|s:12:\"{Secrets[1]}\";'");
        await one.AskAsync($"GET {Session}");
        await other.AskAsync($"DEL {Session}");
        await one.AskAsync($"SETEX {Session} 100 'user|s:5:\"other\";'");

        await one.AskAsync($"SET {Session}_LOCK {Secrets[3]} NX PX 60000");
        await other.AskAsync($"SET {Session}_LOCK other NX PX 60000");
        await one.AskAsync($"DEL {Session}_LOCK");

        await one.AskAsync($"SETEX {Session}-brief 1 'user|s:1:\"x\";'");
        await one.AskAsync("NOSUCHCOMMAND");
    }

    /// <summary>Two clients request 60 MB each and read nothing: one is closed.</summary>
    private async Task AskForTooMuchAsync()
    {
        using RespConversation one = await RespConversation.StartAsync(_silo!.Resp);
        using RespConversation other = await RespConversation.StartAsync(_silo.Resp);
        await one.AskAsync($"SET big {new string('x', 60_000)}");
        string command = "MGET" + string.Concat(Enumerable.Repeat(" big", 1_000));
        await one.SendAsync(command);
        await other.SendAsync(command);
        await MovesAsync("a connection is closed", "orleans_sessions_resp_connections_closed_for_memory_total");
    }

    /// <summary>The silo does not answer for longer than a call waits, so the frontend retries.</summary>
    private async Task FreezeSiloAsync()
    {
        using var browser = new Browser(_frontend!.Url);
        await _silo!.Process.FreezeAsync();
        Task<string> put = browser.PutAsync("name", Secrets[0]);
        await Eventually.TrueAsync(
            "the frontend repeats its call",
            Soon,
            async () => (await _frontend.AskAsync("/metrics")).Text.Contains("orleans_sessions_client_retries_total{", StringComparison.Ordinal));
        _silo.Process.Send(Signal.Continue);
        await put;
    }

    private async Task LoseRedisAsync()
    {
        using var browser = new Browser(_frontend!.Url);
        await browser.PutAsync("name", Secrets[0]);

        // The first read brings the session into memory.
        await browser.GetAsync();
        await _redis!.StopAsync();
        using (HttpResponseMessage refused = await browser.TryPutAsync("name", "refused"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        await Eventually.TrueAsync("the silo's metrics say that it is not ready", Soon, async () =>
            new Scrape((await _silo!.AskAsync("/metrics")).Text) is { } scrape && scrape.Samples("orleans_sessions_ready").Values.SingleOrDefault(1) == 0);
        During = await ScrapeAsync();
        await _redis.StartAgainAsync();
        await _silo!.UntilAsync("/healthz/ready", HttpStatusCode.OK);
    }

    /// <summary>Redis loses the silo's lease, as when a lagging replica is promoted.</summary>
    private async Task LoseStampAsync()
    {
        using RespConversation redis = await RespConversation.StartAsync(_redis!.Address);
        await redis.AskAsync("DEL orleans-sessions/leases/orleans-sessions");
        await MovesAsync("the loss is noticed", "orleans_sessions_storage_losses_total");
    }
}
