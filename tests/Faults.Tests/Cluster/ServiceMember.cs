using System.Globalization;
using System.Net;
using OrleansSessions.Deploy.Tests.Node;
using OrleansSessions.EndToEnd.Tests;

namespace OrleansSessions.Faults.Tests.Cluster;

/// <summary>Program of the product with a management port.</summary>
internal abstract class ServiceMember(string name, string project, PodNamespace network) : Member(name, network)
{
    private const int ManagementPort = 8081;

    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(1) };

    /// <summary>The address for Redis clients, if it is a silo.</summary>
    public IPEndPoint Resp => new(Address, SiloSettings.RespPort);

    protected override IReadOnlyList<string> Arguments { get; } = ["dotnet", Repository.Program(project)];

    protected static Dictionary<string, string> Common(string redis) => new()
    {
        ["ConnectionStrings__Redis"] = redis,
        ["Management__Port"] = ManagementPort.ToString(CultureInfo.InvariantCulture),

        // Many processes share a small machine.
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_TieredPGO"] = "0",
    };

    public override async Task<bool> IsReadyAsync()
    {
        if (!IsRunning)
        {
            return false;
        }

        try
        {
            var url = new UriBuilder("http", Address.ToString(), ManagementPort, "/healthz/ready");
            using HttpResponseMessage response = await Http.GetAsync(url.Uri);
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
