using System.Globalization;
using System.Net;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>Silo or frontend without a launcher, with a management port, as an orchestrator would run it.</summary>
internal sealed class MemberProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    private MemberProcess(ChildProcess process, int port, int managementPort, int gatewayPort, int respPort)
    {
        Process = process;
        Url = Loopback(port);
        Management = Loopback(managementPort);
        GatewayPort = gatewayPort;
        Resp = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{respPort}");
        _http = new HttpClient { BaseAddress = Management, Timeout = TimeSpan.FromSeconds(60) };
    }

    public ChildProcess Process { get; }

    /// <summary>A frontend's URL for browsers.</summary>
    public Uri Url { get; }

    /// <summary>The URL of health and metrics.</summary>
    public Uri Management { get; }

    /// <summary>A silo's port for frontends.</summary>
    public int GatewayPort { get; }

    /// <summary>A silo's Redis-protocol endpoint.</summary>
    public string Resp { get; }

    public static MemberProcess StartSilo(string redis, IReadOnlyDictionary<string, string>? environment = null)
    {
        int gateway = LoopbackPort.Next(), resp = LoopbackPort.Next();
        return Start("Silo", redis, gateway, resp, environment, new()
        {
            ["SessionCluster__AdvertisedAddress"] = "127.0.0.1",
            ["SessionCluster__SiloPort"] = Text(LoopbackPort.Next()),
            ["SessionCluster__GatewayPort"] = Text(gateway),
            ["Resp__Port"] = Text(resp),
        });
    }

    public static MemberProcess StartFrontend(string redis, IReadOnlyDictionary<string, string>? environment = null) =>
        Start("WebFrontend", redis, gateway: 0, resp: 0, environment, new() { ["Sessions__Cookie__SecurePolicy"] = "SameAsRequest" });

    /// <summary>Returns the status and text of a response from the management port.</summary>
    public async Task<(HttpStatusCode Status, string Text)> AskAsync(string path)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Waits for a health endpoint's status.</summary>
    public Task UntilAsync(string path, HttpStatusCode status) =>
        Eventually.TrueAsync($"{Process.Name} answers {path} with {status}", StartTimeout, async () => (await AskAsync(path)).Status == status);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
    }

    private static MemberProcess Start(
        string project, string redis, int gateway, int resp, IReadOnlyDictionary<string, string>? environment, Dictionary<string, string> settings)
    {
        int port = LoopbackPort.Next();
        int management = LoopbackPort.Next();
        settings["ASPNETCORE_HTTP_PORTS"] = Text(port);
        settings["Management__Port"] = Text(management);
        settings["ConnectionStrings__Redis"] = redis;
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            settings[name] = value;
        }

        return new MemberProcess(ChildProcess.Start(project, ["dotnet", Repository.Program(project)], settings), port, management, gateway, resp);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static Uri Loopback(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
}
