using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.LocalCluster.Balancing;
using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Logs;
using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Tests.Balancing;

public sealed class LoadBalancerTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _temporary = new();

    // Reserved until the test ends, so that the port of a frontend that is gone refuses connections.
    private readonly LoopbackPorts _ports = new();
    private readonly HttpClient _client = new();
    private readonly List<Frontend> _frontends = [];
    private LogFile? _log;
    private LoadBalancer? _balancer;

    private LoadBalancer Balancer => _balancer!;

    public async ValueTask InitializeAsync()
    {
        _log = new LogFile(_temporary.File("balancer.log"), new FakeTimeProvider());
        _balancer = await LoadBalancer.StartAsync(_ports.Next(), _log);
        _client.BaseAddress = _balancer.Url;
    }

    [Fact]
    public async Task Balancer_ThreeFrontends_RoundRobin()
    {
        await UseFrontendsAsync(3);

        var names = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            names.Add(await GetAsync("/"));
        }

        Assert.Equal([10, 10, 10], names.CountBy(name => name).Select(count => count.Value));
    }

    [Fact]
    public async Task Balancer_HeaderThatIsNotAscii_IsPassedOnAndCostsNoFrontendItsTurn()
    {
        await UseFrontendsAsync(3);
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        using var client = new HttpClient(handler) { BaseAddress = Balancer.Url };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", "session=\u00e9\u00e9\u00e9");

        var names = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            names.Add(await client.GetStringAsync("/", TestContext.Current.CancellationToken));
        }

        Assert.Equal([2, 2, 2], names.CountBy(name => name).Select(count => count.Value));
    }

    [Fact]
    public async Task Balancer_WebSocket_IsPassedOnAndEndsWhenItStops()
    {
        await UseFrontendsAsync(1);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(Balancer.Url) { Scheme = Uri.UriSchemeWs, Path = "/socket" }.Uri, TestContext.Current.CancellationToken);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        byte[] answer = new byte[100];
        int length = (await socket.ReceiveAsync(answer.AsMemory(), TestContext.Current.CancellationToken)).Count;
        Assert.Equal("hello", Encoding.UTF8.GetString(answer, 0, length));

        await Balancer.StopAsync(CancellationToken.None);

        await Assert.ThrowsAsync<WebSocketException>(async () => await socket.ReceiveAsync(answer.AsMemory(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Balancer_NoFrontend_Returns503()
    {
        using var response = await _client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(response.Headers.RetryAfter);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal("No frontend is ready", problem.GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Balancer_AFrontendIsGone_TheOthersServeEveryRequest(string method)
    {
        await UseFrontendsAsync(3);
        await _frontends[1].DisposeAsync();

        for (var i = 0; i < 12; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/");
            using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.NotEqual("frontend-2", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Balancer_AllFrontendsAreGone_Returns503()
    {
        await UseFrontendsAsync(2);
        await _frontends[0].DisposeAsync();
        await _frontends[1].DisposeAsync();

        using var response = await _client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotEmpty(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Balancer_EveryFrontendBreaksTheConnection_Answers502()
    {
        await UseFrontendsAsync(2);

        using var response = await _client.GetAsync("/break", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Balancer_AFrontendAnswersAnError_PassesItUntouched()
    {
        await UseFrontendsAsync(1);

        using var response = await _client.GetAsync("/missing", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("nothing here", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Balancer_ForwardedRequest_KeepsTheHostAndNamesTheClient()
    {
        await UseFrontendsAsync(1);

        var seen = await GetAsync("/request");

        var authority = Balancer.Url.Authority;
        Assert.Matches($"^{authority} (127.0.0.1|::1|::ffff:127.0.0.1) http {authority}$", seen);
    }

    [Fact]
    public async Task Balancer_PortInUse_NamesThePortAndTheOption()
    {
        using var log = new LogFile(_temporary.File("second.log"), new FakeTimeProvider());

        var refusal = await Assert.ThrowsAsync<ClusterStartException>(() => LoadBalancer.StartAsync(Balancer.Url.Port, log));

        Assert.Contains($"port {Balancer.Url.Port} is already in use", refusal.Message);
        Assert.Contains("--port", refusal.Message);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Balancer.DisposeAsync();
        foreach (var frontend in _frontends)
        {
            await frontend.DisposeAsync();
        }

        _ports.Dispose();
        _log?.Dispose();
        _temporary.Dispose();
    }

    private async Task UseFrontendsAsync(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            _frontends.Add(await Frontend.StartAsync($"frontend-{i}", _ports.Next()));
        }

        Balancer.Use([.. _frontends.Select(frontend => (frontend.Name, frontend.Url))]);
    }

    private Task<string> GetAsync(string path) => _client.GetStringAsync(path, TestContext.Current.CancellationToken);
}
