using System.Net;
using System.Text.RegularExpressions;
using OrleansSessions.EndToEnd.Tests.Sessions;
using OrleansSessions.EndToEnd.Tests.Stores;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.BadInput;

/// <summary>Hostile input: a clear 4xx or a fresh session, the stored session unchanged, and nothing logged above Warning.</summary>
[Collection(typeof(GarnetCollection))]
public sealed partial class BadInputTests : IAsyncLifetime
{
    private const int MegaByte = 1 << 20;

    private readonly GarnetCluster _cluster;
    private readonly Browser _browser;
    private readonly HashSet<string> _loggedBefore;
    private SessionView? _before;

    public BadInputTests(GarnetCluster cluster)
    {
        _cluster = cluster;
        _browser = new Browser(cluster.Url(LoadBalancer.Yarp));
        _loggedBefore = [.. Errors()];
    }

    public async ValueTask InitializeAsync()
    {
        await _browser.PutAsync("name", "value");
        _before = await _browser.GetAsync();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("%00%01%02")]
    [InlineData("../../etc/passwd")]
    [InlineData("\"quoted\"")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.")]
    public async Task Cookie_OfGarbage_IsAFreshSession(string garbage)
    {
        await AssertIsNobodyAsync(garbage);
        await AssertUnchangedAsync();
    }

    [Fact]
    public async Task Cookie_WithAnUnknownToken_IsNeverAdopted()
    {
        await AssertIsNobodyAsync("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        await AssertUnchangedAsync();
    }

    [Fact]
    public async Task Cookie_OfOneMegabyte_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_cluster.Url(LoadBalancer.Yarp), "/api/session"));
        request.Headers.Add("Cookie", "session=" + new string('a', MegaByte));
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false });

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
        await AssertUnchangedAsync();
    }

    [Fact]
    public async Task Entry_OfTenMegabytes_IsRefused()
    {
        using HttpResponseMessage response = await _browser.SendAsync(
            HttpMethod.Put, "/api/session/entries/big", new ByteArrayContent(new byte[10 * MegaByte]));

        await AssertRefusedAsync(response, HttpStatusCode.RequestEntityTooLarge);
        await AssertUnchangedAsync();
    }

    [Fact]
    public async Task Entry_ThatMakesTheSessionTooLarge_IsRefusedWithTheLimit()
    {
        using HttpResponseMessage response = await _browser.SendAsync(
            HttpMethod.Put, "/api/session/entries/big", new StringContent(new string('a', MegaByte)));

        Assert.Contains("1048576", await AssertRefusedAsync(response, HttpStatusCode.RequestEntityTooLarge));
        await AssertUnchangedAsync();
    }

    [Fact]
    public async Task Entries_TwoThousand_AreRefusedAboveTheLimitAndTheFirstAreKept()
    {
        const int count = 2000;
        const int limit = 1000;
        List<HttpStatusCode> answers = [];
        foreach (int[] batch in Enumerable.Range(0, count).Chunk(50))
        {
            HttpStatusCode[] statuses = await Task.WhenAll(batch.Select(async i =>
            {
                using HttpResponseMessage response = await _browser.TryPutAsync($"entry-{i}", "x");
                return response.StatusCode;
            }));
            answers.AddRange(statuses);
        }

        // The session had one entry before.
        Assert.Equal(limit - 1, answers.Count(status => status == HttpStatusCode.NoContent));
        Assert.Equal(count - limit + 1, answers.Count(status => status == HttpStatusCode.RequestEntityTooLarge));
        SessionView view = await _browser.GetAsync();
        Assert.Equal(limit, view.Entries!.Count);
        Assert.Equal("value", view["name"]);
        AssertNothingLogged();
    }

    [Theory]
    [InlineData("%01")]
    [InlineData("a%0Ab")]
    [InlineData("%1B%5B31m")]
    [InlineData("%7F")]
    public async Task EntryName_OfControlCharacters_IsRefused(string escaped)
    {
        using HttpResponseMessage response = await _browser.SendAsync(HttpMethod.Put, $"/api/session/entries/{escaped}", new StringContent("x"));

        await AssertRefusedAsync(response, HttpStatusCode.BadRequest);
        await AssertUnchangedAsync();
    }

    [Fact]
    public async Task EntryName_Over256Bytes_IsRefused()
    {
        using HttpResponseMessage response = await _browser.TryPutAsync(new string('n', 257), "x");

        Assert.Contains("256", await AssertRefusedAsync(response, HttpStatusCode.RequestEntityTooLarge));
        await AssertUnchangedAsync();
    }

    [Fact]
    public async Task Increment_OfAnEntryThatIsNoNumber_IsAConflict()
    {
        using HttpResponseMessage response = await _browser.TryIncrementAsync("name");

        await AssertRefusedAsync(response, HttpStatusCode.Conflict);
        await AssertUnchangedAsync();
    }

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return ValueTask.CompletedTask;
    }

    // The console logger writes "fail: " and "crit: ", the launcher's file "Error " and "Critical ", both after a time. Orleans reports calls that a busy machine delays.
    [GeneratedRegex(@"^\S+ \S+ (fail: |crit: |Error |Critical )(?!Orleans\.).*$", RegexOptions.Multiline)]
    private static partial Regex Above();

    private static async Task<string> AssertRefusedAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(expected == response.StatusCode, $"{response.StatusCode}, expected {expected}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return body;
    }

    private async Task AssertIsNobodyAsync(string token)
    {
        using Browser stranger = _browser.Clone();
        stranger.ForgeToken(token);

        Assert.Null((await stranger.GetAsync()).Id);
        await stranger.PutAsync("name", "mine");

        Assert.NotEqual(token, stranger.Token);
        SessionView fresh = await stranger.GetAsync();
        Assert.NotEqual(_before!.Id, fresh.Id);
        Assert.Equal("mine", fresh["name"]);
        await stranger.DeleteAsync();
    }

    private async Task AssertUnchangedAsync()
    {
        SessionView after = await _browser.GetAsync();
        Assert.Equal(_before!.Version, after.Version);
        Assert.Equal(_before.Entries, after.Entries);
        AssertNothingLogged();
    }

    private IEnumerable<string> Errors() => Above().Matches(_cluster.Cluster.Log).Select(line => line.Value);

    private void AssertNothingLogged() => Assert.Empty(Errors().Except(_loggedBefore));
}
