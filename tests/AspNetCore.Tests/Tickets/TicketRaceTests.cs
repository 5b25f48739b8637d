using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Tickets;

/// <summary>Sign-ins and tickets that are issued anew, while others end or replace the ticket.</summary>
public sealed class TicketRaceTests(SessionCluster cluster)
{
    private readonly string _ada = $"ada-{Guid.NewGuid()}";

    /// <summary>What happens between a request's reading of its ticket and its next sign-in, once.</summary>
    private Func<Task>? _meanwhile;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A request under way must not sign in again a user who was signed out everywhere.</summary>
    [Theory]
    [InlineData("/issue-anew")]
    [InlineData("/sign-in-later")]
    public async Task SignIn_OverATicketThatWasEndedMeanwhile_IsAnswered409AndStoresNothing(string path)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        _meanwhile = () => app.Users().EndAllAsync(_ada, cancellationToken: Cancellation);

        using HttpResponseMessage response = await browser.PostAsync(path);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Empty(response.SetCookies());
        Assert.Empty((await app.Users().ListAsync(_ada, cancellationToken: Cancellation)).Sessions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ticket_IssuedAnewByTwoRequests_IsReplacedOnceAndTheOtherSetsNoCookie(bool isLoadedBefore)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        using Browser slower = browser.Clone();
        async Task IssueAnewAsync() => (await browser.PostAsync("/issue-anew")).EnsureSuccessStatusCode().Dispose();
        if (isLoadedBefore)
        {
            _meanwhile = IssueAnewAsync;
        }
        else
        {
            await IssueAnewAsync();
        }

        using HttpResponseMessage response = await slower.PostAsync("/issue-anew");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(response.SetCookies());
        Assert.Single((await app.Users().ListAsync(_ada, cancellationToken: Cancellation)).Sessions);
        Assert.Equal(_ada, await browser.WhoAmIAsync());
    }

    /// <summary>The tag of the session at the provider, for example, by which it can be signed out.</summary>
    [Fact]
    public async Task Ticket_IssuedAnew_KeepsItsTagsAsFarAsTheyFit()
    {
        string[] tags = ["sid:first", "tenant:acme"];
        await using TestApp app = await StartAsync(builder => builder.Services.Configure<OrleansTicketStoreOptions>(
            TicketApp.DefaultScheme, options => options.Details = _ => new() { Tags = tags }));
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        tags = [.. Enumerable.Range(1, SessionSignIn.MaxTags - 1).Select(static i => $"role:{i}")];

        using HttpResponseMessage response = await browser.PostAsync("/issue-anew");

        response.EnsureSuccessStatusCode();
        SessionIdentity identity = Assert.Single((await app.Users().ListAsync(_ada, cancellationToken: Cancellation)).Sessions).Description.Identity!;
        Assert.Equal([.. tags, "sid:first"], identity.Tags);
    }

    private Task<TestApp> StartAsync(Action<WebApplicationBuilder>? configure = null) => TicketApp.StartAsync(cluster.Grains, configure: configure, endpoints: app =>
    {
        app.MapPost("/issue-anew", async (HttpContext context) =>
        {
            AuthenticateResult result = await context.AuthenticateAsync();
            await MeanwhileAsync();
            await context.SignInAsync(result.Principal!, result.Properties);
        });
        app.MapPost("/sign-in-later", async (HttpContext context, ClaimsPrincipal user) =>
        {
            await MeanwhileAsync();
            await context.SignInAsync(user);
        });
    });

    private Task MeanwhileAsync() => Interlocked.Exchange(ref _meanwhile, null)?.Invoke() ?? Task.CompletedTask;
}
