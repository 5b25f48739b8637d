using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Live;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Users;

/// <summary>An administrator who acts as a user, on two frontends with two silos.</summary>
public sealed class ImpersonationTests(LiveCluster cluster) : IClassFixture<LiveCluster>
{
    private const string Nobody = "(nobody)";
    private const string ActingCookie = LiveFrontend.CookieName + "-acting";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Administrator_ActsAsUser_AndReturnsToTheOwnSession()
    {
        using Browser browser = await SignInAsync("grace-1");
        string own = await browser.GetTextAsync("/key");
        await PostAsync(browser, "/set/own/1");

        await PostAsync(browser, "/act-as/ada-1?by=root");

        Assert.Equal($"{KeyOf("ada-1")} {KeyOf("grace-1")}", await browser.GetTextAsync("/who"));
        Assert.NotEqual(own, await browser.GetTextAsync("/key"));
        Assert.Equal("(none)", await browser.GetTextAsync("/get/own"));
        await PostAsync(browser, "/set/a/1");
        await PostAsync(browser, "/rotate");
        Assert.Equal("1", await browser.GetTextAsync("/get/a"));

        await PostAsync(browser, "/stop");

        Assert.Equal(own, await browser.GetTextAsync("/key"));
        Assert.Equal("1", await browser.GetTextAsync("/get/own"));
        Assert.Equal($"{KeyOf("grace-1")} ", await browser.GetTextAsync("/who"));
        await PostAsync(browser, "/stop");
        Assert.Equal(own, await browser.GetTextAsync("/key"));
        Assert.Empty((await ListAsync("ada-1")).Sessions);
    }

    [Theory]
    [InlineData("ada-2")]
    [InlineData("grace-2")]
    public async Task Impersonation_IsInBothLists_AndEndsWithEither(string ended)
    {
        using Browser browser = await SignInAsync("grace-2");
        await PostAsync(browser, "/act-as/ada-2?by=root");
        string key = await browser.GetTextAsync("/key");

        UserSession ofUser = Assert.Single((await ListAsync("ada-2")).Sessions);
        UserSession ofAdministrator = Assert.Single((await ListAsync("grace-2")).Sessions, session => session.SessionKey == key);
        Assert.Equal((key, KeyOf("grace-2")), (ofUser.SessionKey, ofUser.Description.Identity!.ImpersonatedBy));
        Assert.Equal(KeyOf("ada-2"), ofAdministrator.Description.Identity!.User);

        using Browser elsewhere = cluster.Two.NewBrowser();
        await PostAsync(elsewhere, $"/end-all/{ended}");

        Assert.Equal(Nobody, await browser.GetTextAsync("/who"));
        await PostAsync(browser, "/stop");
        Assert.Equal(ended == "ada-2" ? $"{KeyOf("grace-2")} " : Nobody, await browser.GetTextAsync("/who"));
        await PostAsync(elsewhere, "/end-all/grace-2");
    }

    [Fact]
    public async Task Impersonation_HowEverOftenUsed_EndsByItself()
    {
        using Browser browser = await SignInAsync("grace-3");
        await PostAsync(browser, "/act-as/ada-3?by=root");
        cluster.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.StartsWith(KeyOf("ada-3"), await browser.GetTextAsync("/who"), StringComparison.Ordinal);
        cluster.Clock.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal(Nobody, await browser.GetTextAsync("/who"));

        // A new sign-in replaces both cookies: signing out again must not bring the administrator's session back.
        await PostAsync(browser, "/sign-in/ada-3");
        Assert.Equal($"{KeyOf("ada-3")} ", await browser.GetTextAsync("/who"));
        await PostAsync(browser, "/destroy");
        Assert.Equal(Nobody, await browser.GetTextAsync("/who"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OwnSession_Ended_EndsItsImpersonationToo(bool fromTheList)
    {
        string name = fromTheList ? "9" : "10";
        using Browser browser = await SignInAsync($"grace-{name}");
        string own = await browser.GetTextAsync("/key");
        using Browser ownSession = cluster.Two.NewBrowser();
        ownSession.Token = browser.Token;
        await PostAsync(browser, $"/act-as/ada-{name}?by=root");

        if (fromTheList)
        {
            Assert.True(await cluster.Two.Services.GetRequiredService<IUserSessions>().EndAsync($"grace-{name}", own, cancellationToken: Stop));
            Assert.Equal(Nobody, await browser.GetTextAsync("/who"));
        }
        else
        {
            // Its list is told of it after the answer.
            await PostAsync(ownSession, "/destroy");
            while (await browser.GetTextAsync("/who") != Nobody)
            {
                Stop.ThrowIfCancellationRequested();
            }
        }

        Assert.Empty((await ListAsync($"ada-{name}")).Sessions);
        Assert.Empty((await ListAsync($"grace-{name}")).Sessions);
    }

    /// <summary>It is not used meanwhile.</summary>
    [Fact]
    public async Task OwnSession_ThatBecomesIdle_LeavesItsImpersonation()
    {
        using Browser browser = await SignInAsync("grace-11");
        await PostAsync(browser, "/act-as/ada-11?by=root");
        cluster.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.StartsWith(KeyOf("ada-11"), await browser.GetTextAsync("/who"), StringComparison.Ordinal);
        cluster.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(KeyOf("ada-11"), Assert.Single((await ListAsync("grace-11")).Sessions).Description.Identity!.User);
        Assert.StartsWith(KeyOf("ada-11"), await browser.GetTextAsync("/who"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondImpersonation_OfARequest_EndsTheFirst()
    {
        using Browser browser = await SignInAsync("grace-12");

        await PostAsync(browser, "/act-as/ada-12/and/bob-12?by=root");

        Assert.Equal($"{KeyOf("bob-12")} {KeyOf("grace-12")}", await browser.GetTextAsync("/who"));
        Assert.Empty((await ListAsync("ada-12")).Sessions);
    }

    [Fact]
    public async Task Request_ThatStopsActingAndStores_StoresInTheAdministratorsSession()
    {
        using Browser browser = await SignInAsync("grace-13");
        string own = await browser.GetTextAsync("/key");
        await PostAsync(browser, "/set/kept/1");
        await PostAsync(browser, "/act-as/ada-13?by=root");

        await PostAsync(browser, "/stop/set/notice/stopped");

        Assert.Equal(own, await browser.GetTextAsync("/key"));
        Assert.Equal(("1", "stopped"), (await browser.GetTextAsync("/get/kept"), await browser.GetTextAsync("/get/notice")));
        Assert.Empty((await ListAsync("ada-13")).Sessions);
    }

    [Fact]
    public async Task Impersonation_InheritsTheAdministratorsAuthentication()
    {
        using Browser browser = await SignInAsync("grace-4");
        DateTimeOffset authenticated = Assert.Single((await ListAsync("grace-4")).Sessions).Description.Identity!.AuthenticatedAt;
        cluster.Clock.Advance(TimeSpan.FromMinutes(10));

        await PostAsync(browser, "/act-as/ada-4?by=root");

        Assert.Equal(authenticated, Assert.Single((await ListAsync("ada-4")).Sessions).Description.Identity!.AuthenticatedAt);
    }

    [Theory]
    [InlineData("/act-as/grace-5?by=root", HttpStatusCode.Conflict, false)]
    [InlineData("/act-as/ada-5?by=somebody", HttpStatusCode.Forbidden, false)]
    [InlineData("/act-as/bob-5?by=root", HttpStatusCode.Conflict, true)]
    [InlineData("/sign-in/ada-5", HttpStatusCode.Conflict, true)]
    public async Task Impersonation_ThatMustNotBe_IsRefused(string path, HttpStatusCode status, bool isActing)
    {
        using Browser browser = await SignInAsync("grace-5");
        if (isActing)
        {
            await PostAsync(browser, "/act-as/ada-5?by=root");
        }

        string before = await browser.GetTextAsync("/who");
        using HttpResponseMessage refused = await browser.PostAsync(path);

        Assert.Equal(status, refused.StatusCode);
        Assert.Equal(before, await browser.GetTextAsync("/who"));
    }

    [Fact]
    public async Task CookieOfImpersonations_OpensNoOtherSession()
    {
        using Browser attacker = await SignInAsync("mallory-7");
        using Browser browser = await SignInAsync("grace-7");
        browser.CookieName = ActingCookie;
        browser.Token = attacker.Token;

        Assert.Equal(Nobody, await browser.GetTextAsync("/who"));
        await PostAsync(browser, "/stop");
        Assert.Equal($"{KeyOf("grace-7")} ", await browser.GetTextAsync("/who"));
    }

    [Fact]
    public async Task Impersonation_BegunWithTheSignIn_ReplacesAnEndedOne()
    {
        using Browser browser = await SignInAsync("grace-8");
        await PostAsync(browser, "/act-as/ada-8?by=root");
        await PostAsync(browser, "/end-all/grace-8");

        await PostAsync(browser, "/sign-in/grace-8/act-as/bob-8?by=root");

        Assert.Equal($"{KeyOf("bob-8")} {KeyOf("grace-8")}", await browser.GetTextAsync("/who"));
    }

    [Theory]
    [InlineData("customers", false)]
    [InlineData("customers;staff", true)]
    public async Task Policy_NamesSchemes_IsAskedOnlyAboutTheirUser(string authenticatedBy, bool isAsked)
    {
        ServiceProvider services = new ServiceCollection().AddLogging()
            .AddAuthorization(static options => options.AddPolicy("support", static policy => policy.AddAuthenticationSchemes("staff").RequireAuthenticatedUser()))
            .BuildServiceProvider();
        var user = new ClaimsPrincipal(new ClaimsIdentity(authenticatedBy));
        var request = new DefaultHttpContext { RequestServices = services, User = user };
        request.Features.Set<IAuthenticateResultFeature>(
            new AuthenticatedBy { AuthenticateResult = AuthenticateResult.Success(new AuthenticationTicket(user, authenticatedBy)) });

        Exception? refused = await Record.ExceptionAsync(() => Impersonator.AuthorizeAsync(request, "support"));

        Assert.Equal(isAsked ? null : typeof(InvalidOperationException), refused?.GetType());
    }

    [Theory]
    [InlineData("root", null)]
    [InlineData("mallory", StatusCodes.Status409Conflict)]
    public void Session_OfAnotherUserThanTheTicket_IsRefused(string user, int? status)
    {
        var token = SessionToken.Create();
        var principal = new ClaimsPrincipal(new ClaimsIdentity("staff"));
        var request = new DefaultHttpContext { User = principal };
        RequestTickets.Of(request, "staff").Retrieved = new RetrievedTicket(
            token, SessionKey.For("news", token), Guid.NewGuid(), Identity("root"), 0, 1, new AuthenticationTicket(principal, "staff"), "root", null, IsSecretReplaced: false);

        Exception? refused = Record.Exception(() => Impersonator.EnsureSameUser(request, Identity(user)));

        Assert.Equal(status, (refused as ImpersonationException)?.StatusCode);

        static SessionIdentity Identity(string user) => new() { User = user, AuthenticatedAt = DateTimeOffset.UnixEpoch, SignedInAt = DateTimeOffset.UnixEpoch };
    }

    [Fact]
    public async Task Visitor_WhoIsNotSignedIn_ActsAsNobody()
    {
        using Browser browser = cluster.One.NewBrowser();
        using HttpResponseMessage refused = await browser.PostAsync("/act-as/ada-6?by=root");

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private static string KeyOf(string user) => UserKey.For(new byte[UserKey.MinSecretBytes], "default", user).Value;

    private static async Task PostAsync(Browser browser, string path)
    {
        using HttpResponseMessage response = await browser.PostAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {await response.TextAsync()}");
    }

    private async Task<Browser> SignInAsync(string user)
    {
        Browser browser = cluster.One.NewBrowser();
        await PostAsync(browser, $"/sign-in/{user}");
        return browser;
    }

    private Task<UserSessionPage> ListAsync(string user) => cluster.Two.Services.GetRequiredService<IUserSessions>().ListAsync(user, cancellationToken: Stop);

    private sealed class AuthenticatedBy : IAuthenticateResultFeature
    {
        public AuthenticateResult? AuthenticateResult { get; set; }
    }
}
