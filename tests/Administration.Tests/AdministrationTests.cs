using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansSessions.Contracts;

namespace OrleansSessions.Administration.Tests;

/// <summary>What administrators see and do.</summary>
public sealed class AdministrationTests(AdministeredCluster cluster) : IDisposable
{
    private readonly HttpClient _ada = cluster.Client(AdministeredCluster.KeyOf("read", "end", "values"));
    private readonly string _userId = Guid.NewGuid().ToString();

    [Fact]
    public async Task User_FoundById_HasTheirSessionsListedTheLatestFirst()
    {
        string first = await cluster.CreateAsync(_userId);
        string second = await cluster.CreateAsync(_userId);

        using HttpResponseMessage found = await _ada.PostAsJsonAsync("/users", new { user = _userId }, TestContext.Current.CancellationToken);
        string userKey = (await ReadAsync(found)).GetProperty("userKey").GetString()!;

        Assert.Equal(AdministeredCluster.UserKeyOf(_userId), userKey);
        JsonElement page = await GetAsync($"/users/{userKey}/sessions");
        Assert.Equal([second, first], page.GetProperty("sessions").EnumerateArray().Select(static session => session.GetProperty("key").GetString()));
        Assert.DoesNotContain(_userId, page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_Described_HasNamesAndSizesAndNoValues()
    {
        string key = await cluster.CreateAsync(_userId);

        JsonElement session = await GetAsync($"/sessions/{key}");

        Assert.Equal("""[{"name":"cart","bytes":7,"format":"Bytes"}]""", session.GetProperty("entries").GetRawText());
        Assert.Equal(("shop", "silo-1"), (session.GetProperty("namespace").GetString(), session.GetProperty("silo").GetString()));
        Assert.Equal(AdministeredCluster.UserKeyOf(_userId), session.GetProperty("identity").GetProperty("user").GetString());
        Assert.False(session.TryGetProperty("incarnation", out _));
    }

    [Fact]
    public async Task Values_AreReadWithTheirOwnPermission()
    {
        string key = await cluster.CreateAsync();

        JsonElement session = await GetAsync($"/sessions/{key}/values");

        Assert.Equal("lantern"u8.ToArray(), session.GetProperty("entries")[0].GetProperty("value").GetBytesFromBase64());
    }

    [Fact]
    public async Task Session_Ended_IsGoneForEverybodyAndLeavesTheList()
    {
        string key = await cluster.CreateAsync(_userId);

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync($"/sessions/{key}"));

        Assert.False(await cluster.ExistsAsync(key));
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync($"/sessions/{key}"));
        Assert.Equal(0, (await GetAsync($"/users/{AdministeredCluster.UserKeyOf(_userId)}/sessions")).GetProperty("sessions").GetArrayLength());
    }

    [Fact]
    public async Task Session_WithASecret_IsEndedWithoutIt()
    {
        string key = SessionKey.For("shop", SessionToken.Create()).Value;
        await cluster.CommitAsync(key, new SessionCommit
        {
            OperationId = Guid.NewGuid(),
            Changes = [SessionChange.Set("a", [1], EntryFormat.Bytes)],
            Secret = SecretHash.Of("the secret"),
        });

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync($"/sessions/{key}"));

        Assert.Null(await cluster.Sessions.DescribeAsync(new SessionKey(key), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task User_EndedEverywhere_ExceptOneSession_KeepsThatOne()
    {
        string[] keys = [await cluster.CreateAsync(_userId), await cluster.CreateAsync(_userId), await cluster.CreateAsync(_userId)];

        using HttpResponseMessage ended = await _ada.DeleteAsync(
            $"/users/{AdministeredCluster.UserKeyOf(_userId)}/sessions?except={keys[1]}", TestContext.Current.CancellationToken);

        Assert.Equal(2, (await ReadAsync(ended)).GetProperty("ended").GetInt32());
        bool[] exist = await Task.WhenAll(keys.Select(cluster.ExistsAsync));
        Assert.Equal([false, true, false], exist);
    }

    [Fact]
    public async Task Sessions_WithATag_AreEndedPageByPageWhoseverTheyAre()
    {
        string tag = $"tenant:{Guid.NewGuid():N}";
        string otherUser = Guid.NewGuid().ToString();
        string[] tagged =
        [
            await cluster.CreateAsync(_userId, tag), await cluster.CreateAsync(_userId, "app:desk", tag), await cluster.CreateAsync(otherUser, tag),
        ];
        string elsewhere = SessionKey.For("elsewhere", SessionToken.Create()).Value;
        await cluster.CommitAsync(elsewhere, new SessionCommit
        {
            OperationId = Guid.NewGuid(),
            Namespace = "elsewhere",
            Changes = [],
            SignIn = new SessionSignIn { User = AdministeredCluster.UserKeyOf(otherUser), Tags = [tag] },
        });
        string[] others = [await cluster.CreateAsync(_userId), await cluster.CreateAsync(otherUser, $"{tag}:x"), await cluster.CreateAsync(), elsewhere];

        int ended = 0;
        long cursor = 0;
        do
        {
            using HttpResponseMessage response = await _ada.DeleteAsync(
                $"/sessions?namespace=shop&tag={tag}&count=1&cursor={cursor}", TestContext.Current.CancellationToken);
            JsonElement page = await ReadAsync(response);
            (ended, cursor) = (ended + page.GetProperty("ended").GetInt32(), page.GetProperty("cursor").GetInt64());
        }
        while (cursor != 0);

        Assert.Equal(tagged.Length, ended);
        Assert.All(await Task.WhenAll(tagged.Select(cluster.ExistsAsync)), Assert.False);
        Assert.All(await Task.WhenAll(others.Select(cluster.ExistsAsync)), Assert.True);
        JsonElement left = (await GetAsync($"/users/{AdministeredCluster.UserKeyOf(_userId)}/sessions")).GetProperty("sessions");
        Assert.Equal(others[0], Assert.Single(left.EnumerateArray()).GetProperty("key").GetString());
    }

    [Fact]
    public async Task Statistics_CountStoredSessionsAndThoseOfEachSilo()
    {
        await cluster.CreateAsync();

        // A silo has a second to answer, which is short on a busy machine.
        JsonElement statistics, silo;
        int requests = 0;
        do
        {
            statistics = await GetAsync("/statistics");
            silo = Assert.Single(statistics.GetProperty("silos").EnumerateArray());
        }
        while (!silo.GetProperty("hasAnswered").GetBoolean() && ++requests < 30);

        Assert.True(statistics.GetProperty("stored").GetInt64() > 0);
        Assert.Equal("silo-1", silo.GetProperty("silo").GetString());
        Assert.True(silo.GetProperty("hasAnswered").GetBoolean() && silo.GetProperty("created").GetInt64() > 0 && silo.GetProperty("commits").GetInt64() > 0);
    }

    [Fact]
    public async Task Statistics_HaveTheFieldsThatThePageShows()
    {
        string[] page = await File.ReadAllLinesAsync(Repository.Source("docs/administration.md"), TestContext.Current.CancellationToken);
        string shown = page.SkipWhile(static line => !line.StartsWith("    $ curl ", StringComparison.Ordinal)).Skip(1).First();

        JsonElement statistics = await GetAsync("/statistics");

        Assert.Equal(FieldsOf(JsonElement.Parse(shown)), FieldsOf(statistics));
    }

    [Theory]
    [InlineData("GET", "/sessions/not-a-key", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/sessions/not-a-key", HttpStatusCode.NotFound)]
    [InlineData("GET", "/users/not-a-key/sessions", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/users/not-a-key/sessions", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/sessions?tag=a", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/sessions?namespace=shop", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/sessions?namespace=shop&tag=", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/sessions?namespace=shop&tag=a&count=1001", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/sessions?namespace=shop&tag=a&cursor=-1", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/audit?after=(1-1", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/audit?count=0", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    public async Task Request_ThatIsWrong_IsRefused(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage response = await _ada.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
    }

    public void Dispose() => _ada.Dispose();

    /// <summary>The names in their order, and the kinds of their values.</summary>
    private static string FieldsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().Select(static field => $"{field.Name}:{FieldsOf(field.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(FieldsOf).Distinct())}]",
        JsonValueKind.True or JsonValueKind.False => nameof(Boolean),
        JsonValueKind kind => kind.ToString(),
    };

    private async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage response = await _ada.GetAsync(path, TestContext.Current.CancellationToken);
        return await ReadAsync(response);
    }

    private async Task<HttpStatusCode> DeleteAsync(string path)
    {
        using HttpResponseMessage response = await _ada.DeleteAsync(path, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
