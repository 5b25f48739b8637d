using System.Net;
using Xunit;

namespace OrleansSessions.Packages.Tests.Workspaces;

/// <summary>Browser whose requests reach one server or another, all with the same cookies, as behind a load balancer: cookies don't depend on the port.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly HttpClient _client = new(new HttpClientHandler { CookieContainer = new CookieContainer() });

    /// <summary>Gets a page, and fails if the status is not a success.</summary>
    public Task<string> GetAsync(Server server, string path) => _client.GetStringAsync(new Uri(server.Url, path), TestContext.Current.CancellationToken);

    /// <summary>Posts nothing to a page, and fails if the status is not a success.</summary>
    public async Task PostAsync(Server server, string path)
    {
        using HttpResponseMessage response = await _client.PostAsync(new Uri(server.Url, path), content: null, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _client.Dispose();
}
