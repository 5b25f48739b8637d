using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Tickets;

/// <summary>Sign-ins whose tickets are in the cluster: the first one, and the next ones in the same browser.</summary>
public sealed class TicketSignInTests(SessionCluster cluster)
{
    private readonly string _ada = $"ada-{Guid.NewGuid()}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_IsOneCommitAndEveryFrontendKnowsTheUserByOneLoad()
    {
        await using TestApp first = await TicketApp.StartAsync(cluster.Grains);
        await using TestApp second = await TicketApp.StartAsync(cluster.Grains);
        using Browser browser = first.NewTicketBrowser();

        await browser.SignInAsync(_ada);
        Assert.Equal(["CommitAsync"], first.Grains.Methods);
        Assert.NotNull(first.Grains.Commits[0].SignIn);

        Assert.Equal(_ada, await browser.At(second).WhoAmIAsync());
        Assert.Equal(["LoadAsync"], second.Grains.Methods);
    }

    [Fact]
    public async Task SignIn_WithIdentitysScheme_IsStored()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains, IdentityConstants.ApplicationScheme);
        using Browser browser = app.NewTicketBrowser(IdentityConstants.ApplicationScheme);

        await browser.SignInAsync(_ada);

        Assert.Equal(_ada, await browser.WhoAmIAsync());
        Assert.Equal(["CommitAsync", "LoadAsync"], app.Grains.Methods);
    }

    [Fact]
    public async Task SignIn_AgainAsTheSameUser_ReplacesTheTokenInTheSameSession()
    {
        await using TestApp app = await StartAsync(static options => options.RotationGrace = TimeSpan.Zero);
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        using Browser copy = browser.Clone();
        string before = Assert.Single((await app.Users().ListAsync(_ada, cancellationToken: Cancellation)).Sessions).SessionKey;

        await browser.SignInAsync(_ada);

        Assert.Equal(_ada, await browser.WhoAmIAsync());
        Assert.Equal(before, Assert.Single((await app.Users().ListAsync(_ada, cancellationToken: Cancellation)).Sessions).SessionKey);
        Assert.Equal("(nobody)", await copy.WhoAmIAsync());
    }

    /// <summary>As ASP.NET Core Identity does to refresh claims. Requests under way stay signed in.</summary>
    [Fact]
    public async Task Ticket_IssuedAgainWithItsProperties_LeavesTheOldTokenItsGrace()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains, endpoints: static app => app.MapPost("/refresh-claims", static async (HttpContext context) =>
        {
            AuthenticateResult result = await context.AuthenticateAsync();
            await context.SignInAsync(result.Principal!, result.Properties);
        }));
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        using Browser late = browser.Clone();

        await browser.PostAsync("/refresh-claims");

        Assert.NotEqual(late.Token, browser.Token);
        Assert.Equal(_ada, await late.WhoAmIAsync());
    }

    [Fact]
    public async Task OldToken_AfterSigningInAgain_OpensNothingAtOnceAndEndsNothing()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains);
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        using Browser old = browser.Clone();

        await browser.SignInAsync(_ada);

        Assert.Equal("(nobody)", await old.WhoAmIAsync());
        Assert.NotNull(old.Token);
        Assert.Equal(_ada, await browser.WhoAmIAsync());
    }

    [Fact]
    public async Task SignIn_AsAnotherUser_EndsTheFirstTicket()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains);
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        using Browser copy = browser.Clone();

        await browser.SignInAsync("grace-" + _ada);

        Assert.Equal("grace-" + _ada, await browser.WhoAmIAsync());
        Assert.Equal("(nobody)", await copy.WhoAmIAsync());
        Assert.Empty((await app.Users().ListAsync(_ada, cancellationToken: Cancellation)).Sessions);
    }

    [Fact]
    public async Task SignIn_AfterSigningOutInTheSameRequest_SignsIn()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains, endpoints: app => app.MapPost("/switch", async (HttpContext context) =>
        {
            await context.SignOutAsync();
            await context.SignInAsync(TicketApp.PrincipalOf(_ada));
        }));
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        using Browser copy = browser.Clone();

        using HttpResponseMessage response = await browser.PostAsync("/switch");

        Assert.Equal(_ada, await browser.WhoAmIAsync());
        Assert.Equal("(nobody)", await copy.WhoAmIAsync());
    }

    /// <summary>It is unknown whether they are the same user.</summary>
    [Fact]
    public async Task SignIn_WithoutUsersIds_EndsTheTicketBefore()
    {
        await using TestApp app = await TicketApp.StartAsync(
            cluster.Grains,
            configure: static builder => builder.Services.Configure<OrleansSessionOptions>(static options => options.UserKeySecret = null),
            endpoints: static app => app.MapPost(
                "/sign-in-nameless", (HttpContext context) => context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity("password")))));
        using Browser browser = app.NewTicketBrowser();

        using HttpResponseMessage first = await browser.PostAsync("/sign-in-nameless");
        using HttpResponseMessage second = await browser.PostAsync("/sign-in-nameless");

        Assert.Contains("DestroyAsync", app.Grains.Methods);
        Assert.All(app.Grains.Commits, static commit => Assert.Null(commit.Rotation));
    }

    [Fact]
    public async Task SignIn_WithDetails_IsListedWithThem()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains, configure: static builder => builder.Services.AddOrleansTicketStore(configure: static options =>
        {
            options.UserIdClaim = ClaimTypes.Role;
            options.Details = static ticket => new() { Method = "pwd", Tags = [$"by:{ticket.AuthenticationScheme}"] };
        }));
        using Browser browser = app.NewTicketBrowser();

        await browser.SignInAsync(_ada);

        SessionIdentity identity = Assert.Single((await app.Users().ListAsync($"role-of-{_ada}", cancellationToken: Cancellation)).Sessions).Description.Identity!;
        Assert.Equal(("pwd", "by:Cookies"), (identity.Method, Assert.Single(identity.Tags)));
    }

    [Fact]
    public async Task SignIn_WithoutAUserKeySecret_WorksAndIsNotListed()
    {
        await using TestApp app = await StartAsync(static options => options.UserKeySecret = null);
        using Browser browser = app.NewTicketBrowser();

        await browser.SignInAsync(_ada);

        Assert.Equal(_ada, await browser.WhoAmIAsync());
        Assert.Null(Assert.Single(app.Grains.Commits).SignIn);
    }

    [Fact]
    public async Task Start_WithANamespaceTooLongForTickets_FailsNamingTheOption()
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(static options => options.Namespace = new string('n', 121)));

        Assert.Contains("Sessions:Namespace", refusal.Message, StringComparison.Ordinal);
    }

    private Task<TestApp> StartAsync(Action<OrleansSessionOptions> sessions) =>
        TicketApp.StartAsync(cluster.Grains, configure: builder => builder.Services.Configure(sessions));
}
