using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.AspNetCore.Tests.Tickets;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Middleware;

/// <summary>Tokens that name no session, more than one address may present.</summary>
public sealed class GuessLimitTests(SessionCluster cluster)
{
    [Fact]
    public async Task Guesses_BeyondTheLimit_AreAnswered429WithoutAGrainCall()
    {
        await using TestApp app = await TestApp.StartAsync(
            cluster.Grains, TestPipeline.Sessions, static builder => builder.Services.Configure<OrleansSessionOptions>(static options => options.MaxUnknownTokensPerMinute = 3));
        using Browser known = app.NewBrowser();
        await known.PostAsync("/set/a/1");
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], [await GuessAsync(app), await GuessAsync(app), await GuessAsync(app)]);
        app.Grains.ForgetCalls();

        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync(app));

        // Whether a token is right must not show, so the address has to wait with that one too; a visitor without a token does not.
        using HttpResponseMessage refused = await known.GetAsync("/get/a");
        Assert.Equal((HttpStatusCode.TooManyRequests, "60"), (refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
        Assert.Empty(refused.SetCookies());
        Assert.Empty(app.Grains.Calls);
        using Browser visitor = app.NewBrowser();
        using HttpResponseMessage served = await visitor.GetAsync("/get/a");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    /// <summary>Data Protection protects the cookie around a ticket's token, so a guess is refused before any look-up.</summary>
    [Fact]
    public async Task Guess_OfATicket_CostsNoGrainCall()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains);
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync($"ada-{Guid.NewGuid()}");
        string real = browser.Token!;
        app.Grains.ForgetCalls();

        foreach (string guess in (string[])[SessionToken.Create().Value, $"{real[..^8]}AAAAAAAA"])
        {
            browser.Token = guess;
            Assert.Equal("(nobody)", await browser.WhoAmIAsync());
        }

        Assert.Empty(app.Grains.Calls);
    }

    [Fact]
    public async Task Guesses_ByDefault_AreNotLimited()
    {
        await using TestApp app = await TestApp.StartAsync(cluster.Grains, TestPipeline.Sessions);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await GuessAsync(app));
        }
    }

    private static async Task<HttpStatusCode> GuessAsync(TestApp app)
    {
        using Browser browser = app.NewBrowser();
        browser.Token = SessionToken.Create().Value;
        using HttpResponseMessage response = await browser.GetAsync("/get/a");
        return response.StatusCode;
    }
}
