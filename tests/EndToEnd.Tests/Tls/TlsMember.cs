using System.Globalization;
using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.EndToEnd.Tests.Tls;

/// <summary>Silo or frontend with its own certificate files.</summary>
internal sealed class TlsMember : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReloadTimeout = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private int _reloads;

    private TlsMember(ChildProcess process, Uri url, TestCertificateFolder certificates, int siloPort, int gatewayPort) =>
        (_process, Url, Certificates, SiloPort, GatewayPort) = (process, url, certificates, siloPort, gatewayPort);

    public Uri Url { get; }

    public TestCertificateFolder Certificates { get; }

    public int SiloPort { get; }

    public int GatewayPort { get; }

    public string Log => _process.Output;

    /// <summary>Starts a silo or a frontend without waiting for it.</summary>
    public static TlsMember Start(string name, bool isSilo, TestCertificateFolder certificates, IReadOnlyDictionary<string, string> settings)
    {
        string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

        int siloPort = LoopbackPort.Next(), gatewayPort = LoopbackPort.Next();
        var url = new Uri($"http://127.0.0.1:{Number(LoopbackPort.Next())}");
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = url.GetLeftPart(UriPartial.Authority),
            ["Frontend:Name"] = name,
            ["Sessions:IOTimeout"] = "00:00:20",
            ["SessionCluster:SiloName"] = name,
            ["SessionCluster:AdvertisedAddress"] = "127.0.0.1",
            ["SessionCluster:SiloPort"] = Number(siloPort),
            ["SessionCluster:GatewayPort"] = Number(gatewayPort),
        };
        foreach ((string key, string value) in settings.Concat(certificates.Settings("SessionCluster:Tls")))
        {
            environment[key] = value;
        }

        ChildProcess process = ChildProcess.Start(
            name,
            ["dotnet", Repository.Program(isSilo ? "Silo" : "WebFrontend")],
            environment.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value));
        return new TlsMember(process, url, certificates, siloPort, gatewayPort);
    }

    public async Task<TimeSpan> ReadyAsync()
    {
        using var http = new HttpClient();
        return await Eventually.TrueAsync($"{_process.Name} is ready", StartTimeout, async () =>
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException(_process.Output);
            }

            using HttpResponseMessage response = await http.GetAsync(new Uri(Url, "/healthz/ready"));
            return response.IsSuccessStatusCode;
        });
    }

    /// <summary>Replaces the files.</summary>
    public void Exchange(TestCertificate certificate, params TestAuthority[] authorities)
    {
        _reloads++;
        Certificates.Exchange(certificate, authorities);
    }

    /// <summary>Waits until the process uses the latest files.</summary>
    public Task<TimeSpan> ReloadedAsync() => _process.UntilAsync(
        "it uses the new certificates",
        ReloadTimeout,
        () => _process.Output.Split("The certificates of SessionCluster:Tls have changed; new").Length - 1 == _reloads);

    /// <summary>Requests a graceful stop.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync() => _process.StopAsync(Signal.Terminate, StopTimeout);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Certificates.Dispose();
    }
}
