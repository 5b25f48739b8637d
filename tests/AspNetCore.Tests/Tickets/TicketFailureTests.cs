using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Tickets;

/// <summary>Sign-ins that are refused, sign-ins whose request fails later, and tickets of an unavailable cluster.</summary>
public sealed class TicketFailureTests(SessionCluster cluster)
{
    private readonly string _ada = $"ada-{Guid.NewGuid()}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The sign-in has happened, and the old token counts as stolen after its grace.</summary>
    [Theory]
    [InlineData("/sign-in-and-fail")]
    [InlineData("/sign-in-and-fail-to-commit")]
    public async Task SignIn_WhoseResponseBecomesAnError_StillGivesTheBrowserItsCookie(string path)
    {
        await using TestApp app = await FailingAppAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        string? before = browser.Token;

        using HttpResponseMessage response = await browser.PostAsync(path);

        Assert.False(response.IsSuccessStatusCode);
        Assert.Contains("no-store", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(before, browser.Token);
        Assert.Equal(_ada, await browser.WhoAmIAsync());
    }

    [Fact]
    public async Task SignIn_WhoseSignedInEventFails_StillGivesTheBrowserItsCookie()
    {
        await using TestApp app = await TicketApp.StartAsync(
            cluster.Grains,
            cookie: static options => options.Events.OnSignedIn = static _ => throw new InvalidOperationException("The audit can't be written."),
            early: static app => app.UseExceptionHandler("/oops"),
            endpoints: static app => app.MapPost("/oops", static () => Results.Problem()));
        using Browser browser = app.NewTicketBrowser();

        using HttpResponseMessage response = await browser.PostAsync($"/sign-in/{_ada}");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(_ada, await browser.WhoAmIAsync());
    }

    [Fact]
    public async Task SignOut_AfterSigningInInARequestThatFails_LeavesNoCookieOfTheEndedTicket()
    {
        await using TestApp app = await FailingAppAsync();
        using Browser browser = app.NewTicketBrowser();

        using HttpResponseMessage response = await browser.PostAsync("/sign-in-and-out-and-fail");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(response.SetCookies());
    }

    [Fact]
    public async Task SignIn_WithATicketThatIsTooLarge_IsAnswered413NamingTheLimit()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains, endpoints: app => app.MapPost("/sign-in-large", (HttpContext context) =>
        {
            ClaimsPrincipal principal = TicketApp.PrincipalOf(_ada);
            principal.Identities.Single().AddClaim(new Claim("groups", new string('x', 1_100_000)));
            return context.SignInAsync(principal);
        }));
        using Browser browser = app.NewTicketBrowser();

        using HttpResponseMessage response = await browser.PostAsync("/sign-in-large");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("SessionCluster:Limits:MaxBytes", await response.TextAsync(), StringComparison.Ordinal);
        Assert.Null(browser.Token);
        Assert.Empty((await app.Users().ListAsync(_ada, cancellationToken: Cancellation)).Sessions);
    }

    [Fact]
    public async Task SignIn_WithoutTheUsersId_FailsNamingTheOption()
    {
        await using TestApp app = await TicketApp.StartAsync(
            cluster.Grains,
            endpoints: static app => app.MapPost(
                "/sign-in-nameless", (HttpContext context) => context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity("password")))));
        using Browser browser = app.NewTicketBrowser();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => browser.PostAsync("/sign-in-nameless"));

        Assert.Contains("Sessions:Tickets:UserIdClaim", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ticket_WhileTheClusterIsUnavailable_IsAnswered503()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains);
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        app.Grains.Fail("LoadAsync", new SessionUnavailableException("Redis did not answer."));

        using HttpResponseMessage response = await browser.GetAsync("/me");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(_ada, await browser.WhoAmIAsync());
    }

    private Task<TestApp> FailingAppAsync() => TicketApp.StartAsync(
        cluster.Grains,
        early: static app => app.UseExceptionHandler("/oops"),
        endpoints: app =>
        {
            app.MapPost("/oops", static () => Results.Problem());
            app.MapPost("/sign-in-and-fail", async (HttpContext context) =>
            {
                await context.SignInAsync(TicketApp.PrincipalOf(_ada));
                throw new InvalidOperationException("The welcome mail can't be sent.");
            });
            app.MapPost("/sign-in-and-fail-to-commit", async (HttpContext context) =>
            {
                await context.SignInAsync(TicketApp.PrincipalOf(_ada));
                context.Session.SetString("large", new string('x', 2_000_000));
            });
            app.MapPost("/sign-in-and-out-and-fail", async (HttpContext context) =>
            {
                await context.SignInAsync(TicketApp.PrincipalOf(_ada));
                await context.SignOutAsync();
                throw new InvalidOperationException("The good-bye mail can't be sent.");
            });
        });
}
