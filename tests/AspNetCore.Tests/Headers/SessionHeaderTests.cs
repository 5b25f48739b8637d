using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Headers;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Headers;

public sealed class SessionHeaderTests(SessionCluster cluster)
{
    private const string ResponseHeader = "Session-Token";

    [Fact]
    public async Task FirstEntry_AtAHeaderEndpoint_HandsOutATokenInAHeaderThatNoCacheKeepsAndSetsNoCookie()
    {
        await using TestApp app = await StartAsync();
        using Browser client = app.NewBrowser();

        using HttpResponseMessage response = await client.PostAsync("/app/set/a/1");

        Assert.Matches("^[A-Za-z0-9_-]{22}[.][A-Za-z0-9_-]{43}$", TokenOf(response)!);
        Assert.Empty(response.SetCookies());
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Token_InTheAuthorizationHeader_NamesItsSessionAndIsNotHandedOutAgain()
    {
        await using TestApp app = await StartAsync();
        using Browser client = app.NewBrowser();
        string token = await SignInAsync(client);

        using HttpResponseMessage read = await SendAsync(client, "/app/get/a", ("Authorization", $"Session {token}"));
        using HttpResponseMessage readInLowerCase = await SendAsync(client, "/app/get/a", ("authorization", $"session  {token}"));

        Assert.Equal(("1", null), (await read.TextAsync(), TokenOf(read)));
        Assert.Null(read.Headers.CacheControl);
        Assert.Equal("1", await readInLowerCase.TextAsync());
    }

    [Fact]
    public async Task Cookie_AtAHeaderEndpoint_IsIgnoredAndCallsNoGrain()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/set/a/1");
        app.Grains.ForgetCalls();

        Assert.Equal("(none)", await browser.GetTextAsync("/app/get/a"));

        Assert.Empty(app.Grains.Calls);
        Assert.Equal("1", await browser.GetTextAsync("/get/a"));
    }

    [Fact]
    public async Task Header_AtACookieEndpoint_IsIgnoredAndCallsNoGrain()
    {
        await using TestApp app = await StartAsync();
        using Browser client = app.NewBrowser();
        string token = await SignInAsync(client);
        app.Grains.ForgetCalls();

        using HttpResponseMessage read = await SendAsync(client, "/get/a", ("Authorization", $"Session {token}"));

        Assert.Equal("(none)", await read.TextAsync());
        Assert.Empty(app.Grains.Calls);
    }

    [Fact]
    public async Task Rotate_AtAHeaderEndpoint_HandsOutTheNewTokenAndKeepsTheSession()
    {
        await using TestApp app = await StartAsync();
        using Browser client = app.NewBrowser();
        string token = await SignInAsync(client);

        using HttpResponseMessage rotated = await SendAsync(client, "/app/rotate", ("Authorization", $"Session {token}"));

        string rotatedToken = TokenOf(rotated)!;
        Assert.NotEqual(token, rotatedToken);
        Assert.True(rotated.Headers.CacheControl!.NoStore);
        using HttpResponseMessage read = await SendAsync(client, "/app/get/a", ("Authorization", $"Session {rotatedToken}"));
        Assert.Equal("1", await read.TextAsync());
    }

    [Fact]
    public async Task Destroy_AtAHeaderEndpoint_EndsTheSessionAndItsTokenIsNeverAdopted()
    {
        await using TestApp app = await StartAsync();
        using Browser client = app.NewBrowser();
        string token = await SignInAsync(client);

        using HttpResponseMessage destroyed = await SendAsync(client, "/app/destroy", ("Authorization", $"Session {token}"));
        using HttpResponseMessage again = await SendAsync(client, "/app/set/b/2", ("Authorization", $"Session {token}"));

        Assert.Equal((HttpStatusCode.OK, null), (destroyed.StatusCode, TokenOf(destroyed)));
        Assert.NotEqual(token, TokenOf(again));
        Assert.NotNull(TokenOf(again));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Session")]
    [InlineData("Session ")]
    [InlineData("Session short")]
    [InlineData("Bearer AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("SessionAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Session AAAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Session token=AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Header_ThatHoldsNoToken_IsIgnoredWithoutAGrainCall(string value)
    {
        await using TestApp app = await StartAsync();
        using Browser client = app.NewBrowser();

        using HttpResponseMessage read = await SendAsync(client, "/app/get/a", ("Authorization", value));

        Assert.Equal("(none)", await read.TextAsync());
        Assert.Empty(app.Grains.Calls);
    }

    [Fact]
    public async Task Header_Repeated_IsIgnoredWithoutAGrainCall()
    {
        await using TestApp app = await StartAsync();
        using Browser client = app.NewBrowser();
        string token = await SignInAsync(client);
        app.Grains.ForgetCalls();

        using HttpResponseMessage read = await SendAsync(client, "/app/get/a", ("Authorization", $"Session {token}"), ("Authorization", $"Session {token}"));

        Assert.Equal("(none)", await read.TextAsync());
        Assert.Empty(app.Grains.Calls);
    }

    [Fact]
    public async Task Header_OfAnotherName_HoldsTheTokenAlone()
    {
        await using TestApp app = await StartAsync(static options => (options.Header.Name, options.Header.ResponseName) = ("X-Session", "X-Session"));
        using Browser client = app.NewBrowser();
        using HttpResponseMessage created = await client.PostAsync("/app/set/a/1");
        string token = Assert.Single(created.Headers.GetValues("X-Session"));

        using HttpResponseMessage read = await SendAsync(client, "/app/get/a", ("X-Session", token));
        using HttpResponseMessage readByAuthorization = await SendAsync(client, "/app/get/a", ("Authorization", $"Session {token}"));

        Assert.Equal("1", await read.TextAsync());
        Assert.Equal("(none)", await readByAuthorization.TextAsync());
    }

    [Fact]
    public async Task Transport_HeaderByDefault_IsUsedExceptAtEndpointsThatSayCookie()
    {
        await using TestApp app = await StartAsync(static options => options.Transport = SessionTransport.Header);
        using Browser client = app.NewBrowser();

        using HttpResponseMessage byHeader = await client.PostAsync("/set/a/1");
        using HttpResponseMessage byCookie = await client.PostAsync("/web/set/a/1");

        Assert.NotNull(TokenOf(byHeader));
        Assert.Empty(byHeader.SetCookies());
        Assert.Null(TokenOf(byCookie));
        Assert.Single(byCookie.SetCookies());
    }

    [Fact]
    public async Task ErrorPage_AfterAHeaderEndpoint_StillHandsOutTheTokenByHeader()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, static app =>
        {
            app.UseExceptionHandler("/error");
            Map(app);
            app.Map("/error", static (HttpContext context) => context.Session.GetString("a") ?? "(none)");
            app.MapPost("/app/fail", static async (HttpContext context) =>
            {
                context.Session.SetString("a", "1");
                await context.Session.CommitAsync();
                throw new InvalidOperationException("The application fails.");
            }).WithSessionHeader();
        });
        using Browser client = app.NewBrowser();

        using HttpResponseMessage response = await client.PostAsync("/app/fail");

        Assert.Equal((HttpStatusCode.InternalServerError, "1"), (response.StatusCode, await response.TextAsync()));
        Assert.NotNull(TokenOf(response));
        Assert.Empty(response.SetCookies());
    }

    private static async Task<string> SignInAsync(Browser client)
    {
        using HttpResponseMessage created = await client.PostAsync("/app/set/a/1");
        return TokenOf(created)!;
    }

    private static Task<HttpResponseMessage> SendAsync(Browser client, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(path.Contains("/get/", StringComparison.Ordinal) ? HttpMethod.Get : HttpMethod.Post, path);
        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return client.SendAsync(request);
    }

    private static string? TokenOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(ResponseHeader, out IEnumerable<string>? values) ? Assert.Single(values) : null;

    private static void Map(WebApplication app)
    {
        TestPipeline.Sessions(app);
        app.MapGroup("/app").MapSessionEndpoints().WithSessionHeader();
        app.MapGroup("/web").MapSessionEndpoints().WithSessionCookie();
    }

    private Task<TestApp> StartAsync(Action<OrleansSessionOptions>? configure = null) =>
        TestApp.StartAsync(cluster.Grains, Map, builder => builder.Services.Configure<OrleansSessionOptions>(options => configure?.Invoke(options)));
}
