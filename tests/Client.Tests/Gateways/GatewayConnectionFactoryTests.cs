using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Client.Gateways;
using Xunit;

namespace OrleansSessions.Client.Tests.Gateways;

public sealed class GatewayConnectionFactoryTests
{
    private static readonly EndPoint First = new IPEndPoint(IPAddress.Loopback, 30_000);
    private static readonly EndPoint Second = new IPEndPoint(IPAddress.Loopback, 30_001);

    private readonly FakeTimeProvider _clock = new();
    private readonly Network _network = new();
    private readonly GatewaySuspicions _suspicions;
    private readonly GatewayConnectionFactory _factory;

    public GatewayConnectionFactoryTests()
    {
        _suspicions = new GatewaySuspicions(_clock);
        _factory = new GatewayConnectionFactory(_network, _suspicions, _clock, NullLogger<GatewayConnectionFactory>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gateway_SilentWhileAnotherAnswers_IsAbortedAndAvoided()
    {
        ConnectionContext frozen = await ConnectAsync(First);
        ConnectionContext living = await ConnectAsync(Second);
        await SendAsync(frozen);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(living, Second);

        await SendAsync(frozen);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await WasAbortedAsync(frozen));
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => ConnectAsync(First).AsTask());
        Assert.False(living.ConnectionClosed.IsCancellationRequested);
    }

    /// <summary>Calls to grains other than sessions may take long.</summary>
    [Fact]
    public async Task Gateway_WithOneSlowCall_IsKept()
    {
        ConnectionContext slow = await ConnectAsync(First);
        ConnectionContext living = await ConnectAsync(Second);

        await SendAsync(slow);
        _clock.Advance(TimeSpan.FromSeconds(30));
        await AskAsync(living, Second);

        Assert.False(slow.ConnectionClosed.IsCancellationRequested);
        Assert.False(_suspicions.IsSuspect(First));
    }

    [Fact]
    public async Task Gateway_ThatAnswersWithinTheGrace_IsLeftAlone()
    {
        ConnectionContext slow = await ConnectAsync(First);
        ConnectionContext living = await ConnectAsync(Second);
        await SendAsync(slow);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(living, Second);

        await AskAsync(slow, First);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(slow.ConnectionClosed.IsCancellationRequested);
        Assert.False(_suspicions.IsSuspect(First));
    }

    /// <summary>All callers wait for the silent gateway, so no other gateway is called.</summary>
    [Fact]
    public async Task Gateway_SilentAndUnconnectable_IsAbortedEvenIfNoOtherAnswers()
    {
        ConnectionContext cut = await ConnectAsync(First);
        await SendAsync(cut);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _network.Unreachable = First;

        await SendAsync(cut);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await WasAbortedAsync(cut));
        Assert.True(_suspicions.IsSuspect(First));
    }

    [Fact]
    public async Task Gateway_SilentButConnectable_IsKeptUnlessAnotherAnswers()
    {
        ConnectionContext slow = await ConnectAsync(First);
        await SendAsync(slow);
        _clock.Advance(TimeSpan.FromSeconds(1));

        await SendAsync(slow);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(slow.ConnectionClosed.IsCancellationRequested);
        Assert.False(_suspicions.IsSuspect(First));
    }

    [Fact]
    public async Task Connect_GatewayAcceptsNoConnection_FailsWithinASecond()
    {
        _network.Unreachable = First;
        Task connecting = ConnectAsync(First).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<ConnectionAbortedException>(() => connecting);
    }

    private ValueTask<ConnectionContext> ConnectAsync(EndPoint gateway) => _factory.ConnectAsync(gateway, Cancellation);

    private static async Task SendAsync(ConnectionContext connection) => await connection.Transport.Output.WriteAsync(new byte[] { 1 }, Cancellation);

    private async Task AskAsync(ConnectionContext connection, EndPoint gateway)
    {
        await SendAsync(connection);
        await _network.Gateways[gateway].Output.WriteAsync(new byte[] { 2 }, Cancellation);
        ReadResult answer = await connection.Transport.Input.ReadAsync(Cancellation);
        connection.Transport.Input.AdvanceTo(answer.Buffer.End);
    }

    private static async Task<bool> WasAbortedAsync(ConnectionContext connection)
    {
        TaskCompletionSource aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = connection.ConnectionClosed.Register(aborted.SetResult);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        return true;
    }

    /// <summary>Gateways in memory.</summary>
    private sealed class Network : IConnectionFactory
    {
        public Dictionary<EndPoint, IDuplexPipe> Gateways { get; } = [];

        public EndPoint? Unreachable { get; set; }

        public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            if (endpoint.Equals(Unreachable))
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            var there = new Pipe();
            var back = new Pipe();
            var gateway = new Duplex(there.Reader, back.Writer);
            var client = new Duplex(back.Reader, there.Writer);

            // Later connections are only probes.
            Gateways.TryAdd(endpoint, gateway);
            return new DefaultConnectionContext("test", client, gateway);
        }

        private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
    }
}
