using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansSessions.EndToEnd.Tests.Php;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Administration;

/// <summary>A silo that is administered, with real PHP and redis-server.</summary>
public sealed class AdministeredPhpTests
{
    private static readonly string Key = new('k', 43);

    [Fact]
    public async Task Session_OfPhpThatNamesItsUser_IsFoundAndEndedByAnAdministratorAndAudited()
    {
        PhpStore.RequireTools();
        await using RedisProcess redis = await RedisProcess.StartAsync();
        using var folder = new TemporaryFolder();
        string keys = folder.File("administrators");
        await File.WriteAllTextAsync(keys, $"ada read,end {Key}\n", TestContext.Current.CancellationToken);
        string secret = Convert.ToBase64String(new byte[32]);
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Next()}");
        await using MemberProcess silo = MemberProcess.StartSilo(redis.Address, new Dictionary<string, string>
        {
            ["Administration__Url"] = url,
            ["Administration__KeysFile"] = keys,
            ["Administration__UserKeySecret"] = secret,
            ["Resp__UserKeySecret"] = secret,
            ["SessionCluster__Audit__Log"] = "true",
            ["SessionCluster__Audit__Stream"] = "orleans-sessions/audit",
        });
        await silo.UntilAsync("/healthz/ready", HttpStatusCode.OK);
        using var ada = new HttpClient { BaseAddress = new Uri(url) };
        ada.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        await using PhpSite site = await PhpSite.StartAsync(new PhpSettings(silo.Resp));
        using var php = new PhpBrowser(site);

        await php.SetJsonAsync("_user", "\"grace@example.com\"");
        await php.SetAsync("cart", "lantern");
        string user = (await ReadAsync(await ada.PostAsJsonAsync("/users", new { user = "grace@example.com" }, TestContext.Current.CancellationToken)))
            .GetProperty("userKey").GetString()!;
        JsonElement session = Assert.Single((await GetAsync(ada, $"/users/{user}/sessions")).GetProperty("sessions").EnumerateArray());
        Assert.Equal(2, session.GetProperty("entryCount").GetInt32());

        string path = $"/users/{user}/sessions";
        Assert.Equal(1, (await ReadAsync(await ada.DeleteAsync(path, TestContext.Current.CancellationToken))).GetProperty("ended").GetInt32());

        Assert.Empty((await php.ReadAsync()).Entries);
        JsonElement[] events = [];
        await Eventually.TrueAsync("the end is in the audit trail", TimeSpan.FromSeconds(20), async () =>
        {
            events = [.. (await GetAsync(ada, "/audit")).GetProperty("events").EnumerateArray()];
            return events.Any(static told => told.GetProperty("kind").GetString() == "Ended");
        });
        int place = Array.FindIndex(events, static told => told.GetProperty("kind").GetString() == "Ended");
        JsonElement ended = events[place];
        Assert.Equal(("administrator:ada", user), (ended.GetProperty("actor").GetString(), ended.GetProperty("user").GetString()));
        Assert.Contains(events, static told => told.GetProperty("kind").GetString() == "SignedIn");
        Assert.Equal(ended.GetProperty("id").GetString(), await FirstFollowedAsync(ada, events[place - 1].GetProperty("id").GetString()!));
        await silo.Process.UntilAsync(
            "the log tells who has ended the session", TimeSpan.FromSeconds(20), () => silo.Process.Output.Contains("by administrator:ada", StringComparison.Ordinal));
        Assert.DoesNotContain("grace@example.com", silo.Process.Output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.AskAsync("/statistics")).Status);
    }

    /// <summary>The id of the first event that the feed tells after another one.</summary>
    private static async Task<string?> FirstFollowedAsync(HttpClient ada, string after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/audit/events");
        request.Headers.Add("Last-Event-ID", after);
        using HttpResponseMessage response = await ada.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                return line["id: ".Length..];
            }
        }

        return null;
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) => await ReadAsync(await client.GetAsync(path, TestContext.Current.CancellationToken));

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {text}");
            return JsonDocument.Parse(text).RootElement;
        }
    }
}
