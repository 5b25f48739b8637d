using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.LocalCluster.Balancing;
using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Logs;
using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Tests.Balancing;

public sealed class RespBalancerTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _temporary = new();

    // Reserved until the test ends, so that the port of a silo that is gone refuses connections.
    private readonly LoopbackPorts _ports = new();
    private readonly RespSilo _silo;
    private LogFile? _log;
    private RespBalancer? _balancer;

    public RespBalancerTests() => _silo = new RespSilo(_ports.Next());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RespBalancer Balancer => _balancer!;

    public async ValueTask InitializeAsync()
    {
        _log = new LogFile(_temporary.File("balancer.log"), new FakeTimeProvider());
        _balancer = await RespBalancer.StartAsync(_ports.Next(), _log);
        _balancer.Use([_silo.Endpoint]);
    }

    [Fact]
    public async Task Balancer_TwoSilos_RoundRobin()
    {
        using var other = new RespSilo(_ports.Next());
        Balancer.Use([_silo.Endpoint, other.Endpoint]);
        var saying = Task.WhenAll(_silo.SayAsync("a"), other.SayAsync("b"), _silo.SayAsync("a"), other.SayAsync("b"));

        var names = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadAllAsync()));

        await saying;
        Assert.Equal(["a", "a", "b", "b"], names.Order());
    }

    [Fact]
    public async Task Balancer_ASiloIsGone_UsesTheOther()
    {
        using var gone = new RespSilo(_ports.Next());
        Balancer.Use([_silo.Endpoint, gone.Endpoint]);
        gone.Dispose();

        for (var i = 0; i < 4; i++)
        {
            var saying = _silo.SayAsync("a");
            Assert.Equal("a", await ReadAllAsync());
            await saying;
        }
    }

    [Fact]
    public async Task Balancer_NoSilo_ClosesTheConnection()
    {
        Balancer.Use([]);

        Assert.Equal("", await ReadAllAsync());
    }

    [Fact]
    public async Task Client_ThatClosesItsHalf_GetsTheAnswersStill()
    {
        using var client = await ConnectAsync();
        await using var silo = await _silo.AcceptAsync();
        var stream = client.GetStream();
        await stream.WriteAsync("question"u8.ToArray(), Cancellation);
        client.Client.Shutdown(SocketShutdown.Send);

        var question = await ReadAllAsync(silo);
        await silo.WriteAsync("answer"u8.ToArray(), Cancellation);
        silo.Close();

        Assert.Equal("question", question);
        Assert.Equal("answer", await ReadAllAsync(stream));
    }

    [Fact]
    public async Task Client_ThatDoesNotRead_MakesTheSiloWait()
    {
        using var client = await ConnectAsync();
        await using var silo = await _silo.AcceptAsync();
        var piece = new byte[1024 * 1024];
        const int pieces = 64;

        var sent = 0;
        var sending = Task.Run(
            async () =>
            {
                for (; sent < pieces; sent++)
                {
                    await silo.WriteAsync(piece, Cancellation);
                }

                silo.Close();
            },
            Cancellation);
        await Assert.ThrowsAsync<TimeoutException>(() => sending.WaitAsync(TimeSpan.FromSeconds(1), Cancellation));
        var sentUnread = sent;

        Assert.InRange(sentUnread, 0, pieces / 2);
        Assert.Equal(pieces * piece.Length, (await ReadAllAsync(client.GetStream())).Length);
        await sending;
    }

    [Fact]
    public async Task Silo_ThatDies_EndsTheConnectionOfItsClient()
    {
        using var client = await ConnectAsync();
        var silo = await _silo.AcceptAsync();

        silo.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        silo.Close();

        Assert.Equal("", await ReadAllAsync(client.GetStream()));
    }

    [Fact]
    public async Task Client_ThatDies_EndsItsConnectionToTheSilo()
    {
        var client = await ConnectAsync();
        await using var silo = await _silo.AcceptAsync();

        client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Close();

        Assert.Equal("", await ReadAllAsync(silo));
    }

    [Fact]
    public async Task Balancer_Stopping_LetsTheSiloAnswerPendingCommands()
    {
        using var client = await ConnectAsync();
        await using var silo = await _silo.AcceptAsync();
        await client.GetStream().WriteAsync("question"u8.ToArray(), Cancellation);
        await silo.ReadExactlyAsync(new byte["question".Length], Cancellation);

        var stopping = Balancer.StopAsync(Cancellation);
        var rest = await ReadAllAsync(silo);
        await silo.WriteAsync("answer"u8.ToArray(), Cancellation);
        silo.Close();

        Assert.Equal("", rest);
        Assert.Equal("answer", await ReadAllAsync(client.GetStream()));
        await stopping;
    }

    [Fact]
    public async Task Balancer_PortInUse_NamesThePortAndTheOption()
    {
        using var log = new LogFile(_temporary.File("second.log"), new FakeTimeProvider());
        var port = IPEndPoint.Parse(Balancer.Address).Port;

        var refusal = await Assert.ThrowsAsync<ClusterStartException>(() => RespBalancer.StartAsync(port, log));

        Assert.Contains($"port {port} is already in use", refusal.Message);
        Assert.Contains("--resp-port", refusal.Message);
    }

    public async ValueTask DisposeAsync()
    {
        await Balancer.DisposeAsync();
        _silo.Dispose();
        _ports.Dispose();
        _log?.Dispose();
        _temporary.Dispose();
    }

    private static async Task<string> ReadAllAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private async Task<string> ReadAllAsync()
    {
        using var client = await ConnectAsync();
        return await ReadAllAsync(client.GetStream());
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(Balancer.Address), Cancellation);
        return client;
    }
}
