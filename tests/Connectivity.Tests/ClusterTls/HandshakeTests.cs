using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using OrleansSessions.Connectivity.ClusterTls;

namespace OrleansSessions.Connectivity.Tests.ClusterTls;

public sealed class HandshakeTests : IDisposable
{
    private const string Silo = "orleans-sessions-silo";

    private readonly TestAuthority _authority = new("cluster");
    private readonly TestAuthority _other = new("cluster");
    private readonly TestCertificateFolder _silo;
    private readonly TestCertificateFolder _frontend;
    private readonly PipePair _wire = new();

    public HandshakeTests()
    {
        _silo = new TestCertificateFolder(_authority.Issue(Silo), _authority);
        _frontend = new TestCertificateFolder(_authority.Issue("frontend"), _authority);
    }

    [Theory]
    [InlineData(ClusterPort.Silo, true)]
    [InlineData(ClusterPort.Gateway, true)]
    [InlineData(ClusterPort.Gateway, false)]
    public async Task Peers_WithTheRightCertificates_ExchangeBytes(ClusterPort port, bool isSilo)
    {
        await using var server = new TlsEnd(_silo, port, isServer: true);
        await using var client = new TlsEnd(isSilo ? _silo : _frontend, port, isServer: false);
        Task serving = server.RunAsync(_wire.Server);
        Task calling = client.RunAsync(_wire.Client);
        IDuplexPipe here = await client.Authenticated, there = await server.Authenticated;

        byte[] sent = RandomNumberGenerator.GetBytes(300_000);
        Task<FlushResult> sending = here.Output.WriteAsync(sent, TestContext.Current.CancellationToken).AsTask();
        ReadResult received = await there.Input.ReadAtLeastAsync(sent.Length, TestContext.Current.CancellationToken);
        await sending;
        Assert.Equal(sent, System.Buffers.BuffersExtensions.ToArray(received.Buffer));
        there.Input.AdvanceTo(received.Buffer.End);

        // A clean end: the peer sees the end of the stream.
        client.Stop();
        await calling;
        Assert.True((await there.Input.ReadAsync(TestContext.Current.CancellationToken)).IsCompleted);
        server.Stop();
        await serving;
        Assert.Empty(server.Refusals.Refusals);
    }

    [Fact]
    public async Task Connection_ThatItsOwnerCloses_EndsAPendingRead()
    {
        await using var server = new TlsEnd(_silo, ClusterPort.Gateway, isServer: true);
        await using var client = new TlsEnd(_frontend, ClusterPort.Gateway, isServer: false);
        Task serving = server.RunAsync(_wire.Server);
        Task calling = client.RunAsync(_wire.Client);
        IDuplexPipe here = await client.Authenticated;
        await server.Authenticated;
        Task<ReadResult> reading = here.Input.ReadAsync(TestContext.Current.CancellationToken).AsTask();

        _wire.Client.Input.CancelPendingRead();

        await Assert.ThrowsAsync<IOException>(() => reading);
        client.Stop();
        server.Stop();
        await Task.WhenAll(calling, serving);
    }

    [Fact]
    public Task SiloPort_FrontendsCertificate_IsRefused() => RefusedAsync(ClusterPort.Silo, _authority.Issue("frontend"), "silo/name");

    [Fact]
    public Task SiloPort_NameInTheSubjectOnly_IsRefused() => RefusedAsync(ClusterPort.Silo, _authority.Issue("frontend, CN=" + Silo), "silo/name");

    [Theory]
    [InlineData(ClusterPort.Silo, "silo/authority")]
    [InlineData(ClusterPort.Gateway, "gateway/authority")]
    public Task Certificate_OfAnotherAuthorityOfTheSameName_IsRefused(ClusterPort port, string counted) => RefusedAsync(port, _other.Issue(Silo), counted);

    [Fact]
    public Task Certificate_Expired_IsRefused() =>
        RefusedAsync(ClusterPort.Gateway, _authority.Issue(Silo, DateTimeOffset.UtcNow.AddDays(-1)), "gateway/expired");

    [Fact]
    public Task Certificate_ForServersOnly_IsRefusedFromAClient() =>
        RefusedAsync(ClusterPort.Gateway, _authority.Issue(Silo, null, TestAuthority.ServerUsage), "gateway/usage");

    [Fact]
    public Task Certificate_Missing_IsRefused() => RefusedAsync(ClusterPort.Gateway, null, "gateway/no_certificate");

    [Fact]
    public async Task Garbage_InPlaceOfTls_IsRefused()
    {
        await using var server = new TlsEnd(_silo, ClusterPort.Gateway, isServer: true);
        Task serving = server.RunAsync(_wire.Server);

        await _wire.Client.Output.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await serving;

        Assert.Equal(["gateway/protocol"], server.Refusals.Refusals);
        Assert.False(server.Authenticated.IsCompleted);
    }

    [Fact]
    public async Task Peer_Silent_IsRefusedAfterTheTimeout()
    {
        await using var server = new TlsEnd(_silo, ClusterPort.Silo, isServer: true, handshakeTimeout: TimeSpan.FromMilliseconds(50));

        await server.RunAsync(_wire.Server);

        Assert.Equal(["silo/timeout"], server.Refusals.Refusals);
        Assert.Contains("127.0.0.1:4711", Assert.Single(server.Log.Lines));
    }

    [Fact]
    public void Timeout_ByDefault_IsTenSeconds() => Assert.Equal(TimeSpan.FromSeconds(10), new ClusterTlsOptions().HandshakeTimeout);

    [Fact]
    public async Task Peer_ThatOnlyLooksWhetherThePortIsOpen_IsNoWarning()
    {
        await using var server = new TlsEnd(_silo, ClusterPort.Silo, isServer: true);
        await _wire.Client.Output.CompleteAsync();
        await server.RunAsync(_wire.Server);

        Assert.Equal(["silo/closed"], server.Refusals.Refusals);
        Assert.StartsWith("Debug", Assert.Single(server.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_OfAnImpostorWithAFrontendsCertificate_HangsUp()
    {
        await using var impostor = new TlsEnd(_frontend, ClusterPort.Gateway, isServer: true);
        await using var client = new TlsEnd(_frontend, ClusterPort.Gateway, isServer: false);
        _ = impostor.RunAsync(_wire.Server);

        AuthenticationException refused = await Assert.ThrowsAsync<AuthenticationException>(() => client.RunAsync(_wire.Client));

        Assert.Contains("is not a silo's", refused.Message);
        Assert.Equal(["gateway/name"], client.Refusals.Refusals);
    }

    [Fact]
    public async Task Refusals_InMasses_AreAllCountedAndFewAreLogged()
    {
        await using var server = new TlsEnd(_silo, ClusterPort.Gateway, isServer: true);
        for (int i = 0; i < 15; i++)
        {
            var wire = new PipePair();
            await wire.Client.Output.WriteAsync("garbage garbage"u8.ToArray(), TestContext.Current.CancellationToken);
            await server.RunAsync(wire.Server);
        }

        Assert.Equal(15, server.Refusals.Refusals.Count);
        Assert.Equal(10, server.Log.Lines.Count);
        Assert.Contains("127.0.0.1:4711", server.Log.Lines.First());
    }

    public void Dispose()
    {
        _silo.Dispose();
        _frontend.Dispose();
        _authority.Dispose();
        _other.Dispose();
    }

    /// <summary>Uses a client that accepts any server.</summary>
    private async Task RefusedAsync(ClusterPort port, TestCertificate? shown, string counted)
    {
        await using var server = new TlsEnd(_silo, port, isServer: true);
        Task serving = server.RunAsync(_wire.Server);
        await using var client = new SslStream(new DuplexStream(_wire.Client));
        try
        {
            await client.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = Silo,
                    ClientCertificateContext = shown is null ? null : SslStreamCertificateContext.Create(shown.Load(), null, offline: true),
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
                },
                TestContext.Current.CancellationToken);
            _ = await client.ReadAsync(new byte[1], TestContext.Current.CancellationToken);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            // The server's reaction to the refused client.
        }

        await serving;
        Assert.False(server.Authenticated.IsCompleted);
        Assert.Equal([counted], server.Refusals.Refusals);
        Assert.StartsWith("Warning: Refused a connection to the", Assert.Single(server.Log.Lines), StringComparison.Ordinal);
    }
}
