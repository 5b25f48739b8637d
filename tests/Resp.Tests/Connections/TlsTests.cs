using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansSessions.Connectivity.Certificates;
using OrleansSessions.Resp.Configuration;

namespace OrleansSessions.Resp.Tests.Connections;

public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("resp-tls-");

    private string CertificatePath => Path.Combine(_folder.FullName, "tls.crt");

    private string KeyPath => Path.Combine(_folder.FullName, "tls.key");

    [Fact]
    public async Task Connection_IsEncryptedWithTheConfiguredCertificate()
    {
        string thumbprint = WriteCertificate();
        await using RespEndpoint endpoint = await StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        Assert.Equal(thumbprint, await client.StartTlsAsync());
        Assert.Equal("+PONG\r\n", await client.AskAsync("PING"));

        using RespTestClient plain = await endpoint.ConnectAsync();
        await plain.SendAsync("PING\r\n");
        Assert.DoesNotContain("PONG", await plain.ReadToEndAsync());
    }

    [Fact]
    public async Task Certificate_ThatIsRenewed_IsUsedWithoutRestart()
    {
        WriteCertificate();
        await using RespEndpoint endpoint = await StartAsync();
        using RespTestClient before = await endpoint.ConnectAsync();
        await before.StartTlsAsync();

        string renewed = WriteCertificate();
        endpoint.Time.Advance(CertificateFiles.ReadInterval);
        using RespTestClient after = await endpoint.ConnectAsync();
        Assert.Equal(renewed, await after.StartTlsAsync());
        Assert.Equal("+PONG\r\n", await before.AskAsync("PING"));

        await File.WriteAllTextAsync(CertificatePath, "half written", TestContext.Current.CancellationToken);
        endpoint.Time.Advance(CertificateFiles.ReadInterval);
        endpoint.Time.Advance(CertificateFiles.ReadInterval);
        using RespTestClient meanwhile = await endpoint.ConnectAsync();
        Assert.Equal(renewed, await meanwhile.StartTlsAsync());
        Assert.Contains("The changed certificates of Resp:Tls can't be used; the previous ones stay in use.", endpoint.Log.Text);
    }

    [Fact]
    public async Task Start_WithoutACertificateInTheFile_NamesIt()
    {
        await File.WriteAllTextAsync(CertificatePath, "nothing", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(KeyPath, "nothing", TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(StartAsync);
        Assert.Contains($"Resp:Tls:CertificatePath is '{CertificatePath}'; it contains no PEM certificate.", failure.Message);
    }

    [Fact]
    public async Task Handshakes_AreConnections_AndTheOneTooManyIsClosedWithoutOne()
    {
        WriteCertificate();
        await using RespEndpoint endpoint = await StartAsync(static options => options.MaxConnections = 2);
        using RespTestClient first = await endpoint.ConnectAsync();
        using RespTestClient second = await endpoint.ConnectAsync();
        await RespEndpoint.UntilAsync("both are counted", () => endpoint.Open == 2);

        using RespTestClient third = await endpoint.ConnectAsync();

        Assert.Equal("", await third.ReadToEndAsync());
        await first.StartTlsAsync();
        Assert.Equal("+PONG\r\n", await first.AskAsync("PING"));
    }

    [Fact]
    public async Task Handshake_ThatIsNotFinished_IsGivenUp()
    {
        WriteCertificate();
        await using RespEndpoint endpoint = await StartAsync(static options => options.SlowClientTimeout = TimeSpan.FromSeconds(1));
        using RespTestClient silent = await endpoint.ConnectAsync();

        Assert.Equal("", await silent.ReadToEndAsync());
        await RespEndpoint.UntilAsync("it is not counted any more", () => endpoint.Open == 0);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<RespEndpoint> StartAsync() => StartAsync(configure: null);

    private Task<RespEndpoint> StartAsync(Action<RespOptions>? configure) => RespEndpoint.StartAsync(options =>
    {
        options.Tls.CertificatePath = CertificatePath;
        options.Tls.KeyPath = KeyPath;
        configure?.Invoke(options);
    });

    /// <summary>Returns the thumbprint.</summary>
    private string WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }
}
