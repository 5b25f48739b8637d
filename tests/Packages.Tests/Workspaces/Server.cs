using System.Globalization;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.Packages.Tests.Workspaces;

/// <summary>Running web server of a user's project: a frontend, a silo, or both.</summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private readonly ChildProcess _process;

    private Server(ChildProcess process, Uri url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>Its address.</summary>
    public Uri Url { get; }

    /// <summary>Starts a built program on loopback.</summary>
    /// <param name="workspace">The user's folder.</param>
    /// <param name="folder">The program's folder in it.</param>
    /// <param name="program">The program and its arguments.</param>
    /// <param name="store">The store of the cluster.</param>
    public static Server Start(Workspace workspace, string folder, string[] program, EmbeddedStore store)
    {
        string url = "http://127.0.0.1:" + Port();
        return new Server(
            workspace.Start(folder, ["dotnet", .. program], new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = url,
                ["ConnectionStrings__Redis"] = store.ConnectionString,
                ["Sessions__Cookie__SecurePolicy"] = "SameAsRequest",
                ["SessionCluster__AdvertisedAddress"] = "127.0.0.1",
                ["SessionCluster__SiloPort"] = Port(),
                ["SessionCluster__GatewayPort"] = Port(),
            }),
            new Uri(url));
    }

    /// <summary>Waits until a page answers.</summary>
    public async Task ReadyAsync(string path)
    {
        using var client = new HttpClient { BaseAddress = Url };
        await Eventually.TrueAsync($"{_process.Name} answers", StartTimeout, async () =>
        {
            Assert.False(_process.HasExited, _process.Output);
            using HttpResponseMessage response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        });
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string Port() => LoopbackPort.Next().ToString(CultureInfo.InvariantCulture);
}
