using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Tickets;

/// <summary>What becomes of <c>HttpContext.Session</c> when its browser signs in or out with a ticket.</summary>
public sealed class TicketSessionTests(SessionCluster cluster)
{
    private const string SessionCookie = "__Host-session";

    private readonly string _ada = $"ada-{Guid.NewGuid()}";

    /// <summary>Fixation: a token that was planted before must not open a signed-in user's session.</summary>
    [Fact]
    public async Task SignIn_GivesTheSessionANewTokenAndTheOldOneOpensNothing()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = await NewBrowserAsync(app);
        using Browser old = browser.Clone();

        await browser.SignInAsync(_ada);

        Assert.NotEqual(old.Token, browser.Token);
        Assert.Equal("7", await browser.GetTextAsync("/cart"));
        Assert.Equal("", await old.GetTextAsync("/cart"));
        Assert.Equal("7", await browser.GetTextAsync("/cart"));
    }

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = await NewBrowserAsync(app);
        await browser.SignInAsync(_ada);
        using Browser copy = browser.Clone();

        using HttpResponseMessage response = await browser.PostAsync("/sign-out");

        Assert.Null(browser.Token);
        Assert.Equal("", await copy.GetTextAsync("/cart"));
    }

    /// <summary>The handler may take long or fail, and the user must not stay signed in meanwhile.</summary>
    [Fact]
    public async Task SignOut_CallsEndedWhenTheSessionHasEndedAndTheCookieIsDeleted()
    {
        (string Cookies, string? Cart)? seen = null;
        await using TestApp app = await StartAsync(options => options.Ended = (context, _) =>
        {
            seen = ($"{context.Response.Headers.SetCookie}", context.Session.GetString("cart"));
            return Task.CompletedTask;
        });
        using Browser browser = await NewBrowserAsync(app);
        await browser.SignInAsync(_ada);

        using HttpResponseMessage response = await browser.PostAsync("/sign-out");

        Assert.Null(seen!.Value.Cart);
        Assert.Contains(".AspNetCore.Cookies=;", seen.Value.Cookies, StringComparison.Ordinal);
    }

    /// <summary>What one user's session holds must not become the next user's, as on a shared computer.</summary>
    [Theory]
    [InlineData("/sign-in/")]
    [InlineData("/session-of/")]
    public async Task SignIn_AsAnotherUser_EndsTheSession(string signIn)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = await NewBrowserAsync(app);
        using HttpResponseMessage first = await browser.PostAsync(signIn + _ada);
        using Browser copy = browser.Clone();

        await browser.SignInAsync($"grace-{_ada}");

        Assert.Equal(("", ""), (await browser.GetTextAsync("/cart"), await copy.GetTextAsync("/cart")));
        Assert.Equal($"grace-{_ada}", await browser.WhoAmIAsync());
    }

    /// <summary>The browser's user learns nothing of an end from elsewhere, and its session outlives it.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task SignIn_AsAnotherUserAfterTheTicketWasEndedElsewhere_EndsTheSession(bool isCartOlder, bool hasOldCookie)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = isCartOlder ? await NewBrowserAsync(app) : app.NewBrowser();
        await browser.SignInAsync(_ada);
        await FillCartAsync(browser, isCartOlder ? "8" : "7");
        await EndElsewhereAsync(app, browser, hasOldCookie);
        using Browser copy = browser.Clone();

        await browser.SignInAsync($"grace-{_ada}");

        Assert.Equal(("", ""), (await browser.GetTextAsync("/cart"), await copy.GetTextAsync("/cart")));
        Assert.Equal($"grace-{_ada}", await browser.WhoAmIAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignIn_AsTheSameUserAfterTheTicketWasEndedElsewhere_CarriesTheSessionOver(bool hasOldCookie)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = await NewBrowserAsync(app);
        await browser.SignInAsync(_ada);
        await EndElsewhereAsync(app, browser, hasOldCookie);

        await browser.SignInAsync(_ada);

        Assert.Equal("7", await browser.GetTextAsync("/cart"));
    }

    /// <summary>What a visitor did before the first sign-in goes with them, and is the user's from then on.</summary>
    [Fact]
    public async Task SignIn_AfterAnonymousUse_MakesTheSessionTheUsersEvenIfNothingIsStoredSince()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = await NewBrowserAsync(app);
        await browser.SignInAsync(_ada);
        Assert.Equal("7", await browser.GetTextAsync("/cart"));
        await EndElsewhereAsync(app, browser, hasOldCookie: true);

        await browser.SignInAsync($"grace-{_ada}");

        Assert.Equal("", await browser.GetTextAsync("/cart"));
    }

    /// <summary>A session that begins after the end is nobody's yet, although the browser still sends the ended ticket's cookie.</summary>
    [Fact]
    public async Task SignIn_AfterASessionThatBeganSinceTheEnd_CarriesItOver()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        await browser.SignInAsync(_ada);
        await EndElsewhereAsync(app, browser, hasOldCookie: true);
        await FillCartAsync(browser, "9");

        await browser.SignInAsync($"grace-{_ada}");

        Assert.Equal("9", await browser.GetTextAsync("/cart"));
    }

    /// <summary>Tokens without a secret part, whose sessions move to a new key.</summary>
    [Fact]
    public async Task SignIn_AsAnotherUserInANamespaceSharedWithPhp_EndsTheSession()
    {
        await using TestApp app = await StartAsync(sessions: static options => options.SharedWithPhp = true);
        using Browser browser = await NewBrowserAsync(app);
        await browser.SignInAsync(_ada);
        Assert.Equal("7", await browser.GetTextAsync("/cart"));
        await EndElsewhereAsync(app, browser, hasOldCookie: true);

        await browser.SignInAsync($"grace-{_ada}");

        Assert.Equal("", await browser.GetTextAsync("/cart"));
    }

    [Fact]
    public async Task Ticket_IssuedAgainWithItsProperties_LeavesTheSessionsToken()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = await NewBrowserAsync(app);
        await browser.SignInAsync(_ada);
        string? before = browser.Token;

        using HttpResponseMessage response = await browser.PostAsync("/refresh-claims");

        response.EnsureSuccessStatusCode();
        Assert.Equal(before, browser.Token);
    }

    [Fact]
    public async Task Session_WhichTheTicketDoesNotCover_StaysAsItIs()
    {
        await using TestApp app = await StartAsync(static options => options.CoversSession = false);
        using Browser browser = await NewBrowserAsync(app);
        string? before = browser.Token;

        await browser.SignInAsync(_ada);
        Assert.Equal(before, browser.Token);

        using HttpResponseMessage response = await browser.PostAsync("/sign-out");
        Assert.Equal("7", await browser.GetTextAsync("/cart"));
    }

    private static async Task<Browser> NewBrowserAsync(TestApp app)
    {
        Browser browser = app.NewBrowser();
        browser.CookieName = SessionCookie;
        await FillCartAsync(browser, "7");
        return browser;
    }

    private static async Task FillCartAsync(Browser browser, string content)
    {
        using HttpResponseMessage response = await browser.PostAsync($"/cart/{content}");
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Ends Ada's tickets. The browser may delete their cookie by itself, as it does with a persistent one.</summary>
    private async Task EndElsewhereAsync(TestApp app, Browser browser, bool hasOldCookie)
    {
        Assert.Equal(1, await app.Users().EndAllAsync(_ada, cancellationToken: TestContext.Current.CancellationToken));
        if (!hasOldCookie)
        {
            browser.Forget(".AspNetCore.Cookies");
        }

        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
    }

    private Task<TestApp> StartAsync(Action<OrleansTicketStoreOptions>? tickets = null, Action<OrleansSessionOptions>? sessions = null) => TicketApp.StartAsync(
        cluster.Grains,
        configure: builder =>
        {
            builder.Services.Configure<OrleansTicketStoreOptions>(TicketApp.DefaultScheme, options => tickets?.Invoke(options));
            builder.Services.Configure<OrleansSessionOptions>(options => sessions?.Invoke(options));
        },
        endpoints: static app =>
        {
            app.MapPost("/cart/{content}", static (HttpContext context, string content) => context.Session.SetString("cart", content));
            app.MapPost("/session-of/{user}", static (HttpContext context, string user) => context.GetOrleansSession().SignInAsync(user));
            app.MapGet("/cart", static (HttpContext context) => context.Session.GetString("cart") ?? "");
            app.MapPost("/refresh-claims", static async (HttpContext context) =>
            {
                AuthenticateResult result = await context.AuthenticateAsync();
                await context.SignInAsync(result.Principal!, result.Properties);
            });
        });
}
