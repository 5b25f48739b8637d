using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using StackExchange.Redis;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Tickets;

/// <summary>Authentication tickets in the cluster, seen by browsers at two frontends.</summary>
public sealed class TicketStoreTests(SessionCluster cluster)
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
    public async Task SignOut_EndsTheTicketForEveryCopyOfTheCookieOnEveryFrontend()
    {
        await using TestApp first = await TicketApp.StartAsync(cluster.Grains);
        await using TestApp second = await TicketApp.StartAsync(cluster.Grains);
        using Browser browser = first.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        using Browser copy = browser.Clone();

        using HttpResponseMessage response = await browser.PostAsync("/sign-out");

        Assert.Null(browser.Token);
        Assert.Equal("(nobody)", await copy.WhoAmIAsync());
        Assert.Equal("(nobody)", await copy.At(second).WhoAmIAsync());
        Assert.Empty((await first.Users().ListAsync(_ada, cancellationToken: Cancellation)).Sessions);
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

    [Fact]
    public async Task SignOut_AfterSigningInInTheSameRequest_EndsTheNewTicket()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains, endpoints: app => app.MapPost("/both", async (HttpContext context) =>
        {
            await context.SignInAsync(TicketApp.PrincipalOf(_ada));
            await context.SignOutAsync();
        }));
        using Browser browser = app.NewTicketBrowser();

        using HttpResponseMessage response = await browser.PostAsync("/both");

        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
        Assert.Empty((await app.Users().ListAsync(_ada, cancellationToken: Cancellation)).Sessions);
    }

    [Fact]
    public async Task EndAll_MakesTheNextRequestAnonymousOnEveryFrontend()
    {
        await using TestApp first = await TicketApp.StartAsync(cluster.Grains);
        await using TestApp second = await TicketApp.StartAsync(cluster.Grains);
        using Browser phone = first.NewTicketBrowser();
        using Browser laptop = second.NewTicketBrowser();
        await phone.SignInAsync(_ada);
        await laptop.SignInAsync(_ada);

        Assert.Equal(2, await first.Users().EndAllAsync(_ada, cancellationToken: Cancellation));

        Assert.Equal("(nobody)", await phone.WhoAmIAsync());
        Assert.Equal("(nobody)", await phone.At(second).WhoAmIAsync());
        Assert.Equal("(nobody)", await laptop.WhoAmIAsync());
    }

    [Fact]
    public async Task EndAll_ExceptTheRequestsOwnTicket_KeepsIt()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains, endpoints: app => app.MapPost(
            "/end-others", (HttpContext context, IUserSessions users) => users.EndAllAsync(_ada, except: context.GetTicketSessionKey(), cancellationToken: Cancellation)));
        using Browser own = app.NewTicketBrowser();
        using Browser other = app.NewTicketBrowser();
        await own.SignInAsync(_ada);
        await other.SignInAsync(_ada);

        using HttpResponseMessage response = await own.PostAsync("/end-others");

        Assert.Equal("1", await response.TextAsync());
        Assert.Equal(_ada, await own.WhoAmIAsync());
        Assert.Equal("(nobody)", await other.WhoAmIAsync());
    }

    [Fact]
    public async Task Redis_ShowsNeitherClaimsNorTheUserId()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains);
        using Browser browser = app.NewTicketBrowser();

        await browser.SignInAsync(_ada);

        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(cluster.Store.ConnectionString);
        int tickets = 0;
        await foreach (RedisKey key in redis.GetServers()[0].KeysAsync().WithCancellation(Cancellation))
        {
            Assert.DoesNotContain(_ada, key.ToString(), StringComparison.Ordinal);
            if (await redis.GetDatabase().KeyTypeAsync(key) == RedisType.Hash)
            {
                string stored = string.Concat((await redis.GetDatabase().HashGetAllAsync(key)).Select(static field => Encoding.Latin1.GetString(field.Value!)));
                Assert.DoesNotContain(_ada, stored, StringComparison.Ordinal);
                tickets += key.ToString().Contains(Assert.Single(app.Grains.Calls).Key, StringComparison.Ordinal) ? 1 : 0;
            }
        }

        Assert.Equal(1, tickets);
        Assert.DoesNotContain(
            app.Logs.Records,
            record => record.Category.StartsWith("OrleansSessions", StringComparison.Ordinal) && record.Text.Contains(_ada, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ticket_CopiedToAnotherSessionInTheCluster_IsRefused()
    {
        await using TestApp app = await TicketApp.StartAsync(cluster.Grains);
        using Browser victim = app.NewTicketBrowser();
        using Browser attacker = app.NewTicketBrowser();
        await victim.SignInAsync(_ada);
        await attacker.SignInAsync("mallory-" + _ada);
        SessionChange ticket = app.Grains.Commits[0].Changes[0];

        var session = cluster.Grains.GetGrain<ISessionGrain>(app.Grains.Calls[1].Key);
        var copy = new SessionCommit
        {
            OperationId = Guid.NewGuid(),
            BasedOn = (await UnansweredCalls.RepeatAsync(session.DescribeAsync))!.Incarnation,
            Changes = [SessionChange.Set(ticket.Name, ticket.Value!)],
        };
        await UnansweredCalls.RepeatAsync(() => session.CommitAsync(copy));

        Assert.Equal("(nobody)", await attacker.WhoAmIAsync());
        Assert.Contains(app.Logs.Records, record => record.Level == LogLevel.Warning && record.Text.Contains("is refused", StringComparison.Ordinal));
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

    private Task<TestApp> StartAsync(Action<OrleansSessionOptions> sessions) =>
        TicketApp.StartAsync(cluster.Grains, configure: builder => builder.Services.Configure(sessions));
}
