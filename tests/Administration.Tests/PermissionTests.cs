using System.Net;
using System.Net.Http.Json;

namespace OrleansSessions.Administration.Tests;

/// <summary>Every route without permission is refused, and changes nothing.</summary>
public sealed class PermissionTests(AdministeredCluster cluster)
{
    private static readonly string[] AllKeys =
    [
        AdministeredCluster.KeyOf("read"), AdministeredCluster.KeyOf("end"), AdministeredCluster.KeyOf("values"), AdministeredCluster.KeyOf("read", "end", "values"),
    ];

    /// <summary>Method, route, and the keys that may use it, by their place among all.</summary>
    public static TheoryData<string, string, int[]> Routes => new()
    {
        { "GET", "/statistics", [0, 3] },
        { "POST", "/users", [0, 3] },
        { "GET", "/users/{user}/sessions", [0, 3] },
        { "DELETE", "/users/{user}/sessions", [1, 3] },
        { "DELETE", "/sessions?namespace=shop&tag={user}", [1, 3] },
        { "GET", "/sessions/{key}", [0, 3] },
        { "DELETE", "/sessions/{key}", [1, 3] },
        { "GET", "/sessions/{key}/values", [3] },
        { "GET", "/audit", [0, 3] },
        { "GET", "/audit/events", [0, 3] },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_WithoutAKeyOfTheCluster_Is401AndChangesNothing(string method, string route, int[] allowed)
    {
        Assert.NotEmpty(allowed);
        (string key, string path) = await PrepareAsync(route);

        foreach (string? refused in (string?[])[null, "", "x", AllKeys[3][..^1], AllKeys[3] + "k", AllKeys[3].ToUpperInvariant()])
        {
            using HttpResponseMessage response = await SendAsync(refused, method, path);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
            Assert.Empty(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.True(await cluster.ExistsAsync(key));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_WithoutItsPermission_Is403AndChangesNothing(string method, string route, int[] allowed)
    {
        (string key, string path) = await PrepareAsync(route);

        foreach (string refused in AllKeys.Where((_, i) => !allowed.Contains(i)))
        {
            using HttpResponseMessage response = await SendAsync(refused, method, path);

            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.True(await cluster.ExistsAsync(key));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_WithItsPermission_IsAnsweredAndKeptByNoCache(string method, string route, int[] allowed)
    {
        foreach (int place in allowed)
        {
            (_, string path) = await PrepareAsync(route);

            using HttpResponseMessage response = await SendAsync(AllKeys[place], method, path);

            // The test's cluster keeps no audit trail.
            Assert.Equal(route.StartsWith("/audit", StringComparison.Ordinal) ? HttpStatusCode.Conflict : HttpStatusCode.OK, Ok(response.StatusCode));
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        }

        static HttpStatusCode Ok(HttpStatusCode status) => status == HttpStatusCode.NoContent ? HttpStatusCode.OK : status;
    }

    [Fact]
    public async Task Key_RemovedFromTheFile_IsRefusedAtOnce()
    {
        string key = AdministeredCluster.KeyOf("a-leaver");
        await cluster.WriteKeysAsync($"leaver read {key}");
        using HttpClient leaver = cluster.Client(key);
        Assert.Equal(HttpStatusCode.OK, (await leaver.GetAsync("/statistics", TestContext.Current.CancellationToken)).StatusCode);

        await cluster.WriteKeysAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await leaver.GetAsync("/statistics", TestContext.Current.CancellationToken)).StatusCode);
    }

    private async Task<(string Key, string Path)> PrepareAsync(string route)
    {
        string user = Guid.NewGuid().ToString();
        string userKey = AdministeredCluster.UserKeyOf(user);
        string key = await cluster.CreateAsync(user, tags: userKey);
        return (key, route.Replace("{key}", key, StringComparison.Ordinal).Replace("{user}", userKey, StringComparison.Ordinal));
    }

    private async Task<HttpResponseMessage> SendAsync(string? key, string method, string path)
    {
        using HttpClient client = cluster.Client(key);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = JsonContent.Create(new { user = "ada" });
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
