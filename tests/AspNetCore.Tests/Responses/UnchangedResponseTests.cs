using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Responses;

/// <summary>Sessions change nothing in a response except the cookie.</summary>
public sealed class UnchangedResponseTests(SessionCluster cluster)
{
    public static TheoryData<string, string> Requests
    {
        get
        {
            var requests = new TheoryData<string, string>();
            foreach (string way in ResponseWays.All.Keys)
            {
                requests.Add("GET", way);
                requests.Add("HEAD", way);
            }

            return requests;
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Response_WithACommit_IsThatWithoutSessions(string method, string way)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        browser.CookieName = "session";
        using HttpResponseMessage started = await browser.PostAsync("/set/a/1");
        string cookie = $"session={browser.Token}";

        RawResponse plain = await RawResponse.GetAsync(app.Address, method, "/plain/" + way, cookie);
        RawResponse withSession = await RawResponse.GetAsync(app.Address, method, "/changing/" + way, cookie);

        Assert.Equal(plain.Head, withSession.Head);
        Assert.True(plain.Body == withSession.Body, "The bodies differ.");
        Assert.Equal("2", await browser.GetTextAsync("/get/a"));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Response_ThatStartsASession_IsThatWithoutSessionsAndACookie(string method, string way)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        browser.CookieName = "session";

        RawResponse plain = await RawResponse.GetAsync(app.Address, method, "/plain/" + way, cookie: null);
        RawResponse withSession = await RawResponse.GetAsync(app.Address, method, "/changing/" + way, cookie: null);

        string[] sessionHeaders = ["Set-Cookie", "Cache-Control", "Pragma", "Expires"];
        string[] HeadersWithout(RawResponse response) =>
            [.. response.Head.Split("\r\n").Where(line => !sessionHeaders.Contains(line.Split(':')[0])).Order(StringComparer.Ordinal)];
        Assert.Equal(HeadersWithout(plain), HeadersWithout(withSession));
        Assert.True(plain.Body == withSession.Body, "The bodies differ.");
        string cookie = Assert.Single(withSession.Head.Split("\r\n"), line => line.StartsWith("Set-Cookie: session=", StringComparison.Ordinal));
        browser.Token = cookie["Set-Cookie: session=".Length..].Split(';')[0];
        Assert.Equal("2", await browser.GetTextAsync("/get/a"));
    }

    private Task<TestApp> StartAsync() => TestApp.StartOnKestrelAsync(cluster.Grains, app =>
    {
        app.UseRouting();
        app.UseOrleansSessions();
        app.MapSessionEndpoints();
        foreach ((string name, RequestDelegate write) in ResponseWays.All)
        {
            app.MapMethods("/plain/" + name, ["GET", "HEAD"], write).WithMetadata(new SkipSessionAttribute());
            app.MapMethods("/changing/" + name, ["GET", "HEAD"], (HttpContext context) =>
            {
                context.Session.SetString("a", "2");
                return write(context);
            });
        }
    });
}
