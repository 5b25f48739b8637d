using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.AspNetCore.Tests.Tickets;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Authorization;

/// <summary>Endpoints that require an authentication within the last five minutes.</summary>
public sealed class FreshSessionTests : IAsyncLifetime
{
    private const string Ada = "ada";

    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private TestSilo? _silo;

    private TestSilo Silo => _silo ?? throw new InvalidOperationException("The silo has not started.");

    public async ValueTask InitializeAsync() => _silo = await TestSilo.StartAsync(_clock);

    public ValueTask DisposeAsync() => Silo.DisposeAsync();

    [Fact]
    public async Task Ticket_ThatIsFresh_IsLetIn()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);
        _clock.Advance(MaxAge - TimeSpan.FromSeconds(1));

        Assert.Equal("secret", await browser.GetTextAsync("/vault"));
    }

    [Fact]
    public async Task Ticket_ThatIsStale_IsChallengedAndComesBackAfterSigningInAgain()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);
        _clock.Advance(MaxAge + TimeSpan.FromSeconds(1));

        using HttpResponseMessage challenge = await browser.GetAsync("/vault?door=2");

        Assert.Equal(HttpStatusCode.Redirect, challenge.StatusCode);
        Assert.Equal("/Account/Login?ReturnUrl=%2Fvault%3Fdoor%3D2", challenge.Headers.Location!.PathAndQuery);
        Assert.Equal(Ada, await browser.WhoAmIAsync());
        using HttpResponseMessage login = await browser.PostAsync(challenge.Headers.Location.PathAndQuery);
        Assert.Equal("/vault?door=2", login.Headers.Location!.OriginalString);
        Assert.Equal("secret", await browser.GetTextAsync(login.Headers.Location.OriginalString));
    }

    /// <summary>Use extends a ticket; it proves nothing about who uses it.</summary>
    [Fact]
    public async Task Ticket_ThatWasOnlyRenewed_IsStale()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);
        _clock.Advance(TimeSpan.FromDays(8));
        await browser.WhoAmIAsync();
        Assert.Equal(2, app.Grains.Commits.Count);

        using HttpResponseMessage challenge = await browser.GetAsync("/vault");

        AssertChallenged(challenge);
    }

    /// <summary>As ASP.NET Core Identity does to refresh claims, and token managers to store new tokens: no user was asked for a password.</summary>
    [Fact]
    public async Task Ticket_ThatWasIssuedAgainWithItsProperties_IsStale()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);
        _clock.Advance(MaxAge + TimeSpan.FromSeconds(1));

        using HttpResponseMessage refreshed = await browser.PostAsync("/refresh-claims");
        using HttpResponseMessage challenge = await browser.GetAsync("/vault");

        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        AssertChallenged(challenge);
        Assert.Equal(Ada, await browser.WhoAmIAsync());
    }

    [Fact]
    public async Task Session_SignedInAgain_IsLetIn()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        await browser.PostAsync("/session-sign-in");
        Assert.Equal("secret", await browser.GetTextAsync("/session-vault"));
        string? token = browser.Token;

        _clock.Advance(MaxAge + TimeSpan.FromSeconds(1));
        using HttpResponseMessage challenge = await browser.GetAsync("/session-vault");
        Assert.Equal("/Account/Login?ReturnUrl=%2Fsession-vault", challenge.Headers.Location!.PathAndQuery);

        await browser.PostAsync("/session-sign-in");
        Assert.Equal("secret", await browser.GetTextAsync("/session-vault"));
        Assert.NotEqual(token, browser.Token);
    }

    [Fact]
    public async Task Session_NotSignedIn_IsChallenged()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();

        using HttpResponseMessage challenge = await browser.GetAsync("/session-vault");

        AssertChallenged(challenge);
    }

    /// <summary>A clock that is ahead, or a mistake, must not make a user fresh for longer.</summary>
    [Fact]
    public async Task Ticket_AuthenticatedInTheFuture_IsFreshAsIfItWereNow()
    {
        await using TestApp app = await StartAsync(ticket: ticket => new SignInOptions { AuthenticatedAt = _clock.GetUtcNow().AddHours(1) });
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);
        _clock.Advance(MaxAge - TimeSpan.FromSeconds(1));
        Assert.Equal("secret", await browser.GetTextAsync("/vault"));

        _clock.Advance(TimeSpan.FromSeconds(2));
        using HttpResponseMessage challenge = await browser.GetAsync("/vault");

        AssertChallenged(challenge);
    }

    /// <summary>As after a provider that ignores <c>max_age</c>, whose clock is behind, or that does not tell when the user authenticated.</summary>
    [Theory]
    [InlineData("/vault", "/Account/Login?ReturnUrl=%2Fvault", 1)]
    [InlineData("/vault", "/Account/Login?ReturnUrl=%2Fvault", 1_000_000)]
    [InlineData("/session-vault", "/session-sign-in", 1)]
    public async Task User_StaleAfterTheChallenge_IsRefusedOnceInsteadOfChallengedForEver(string vault, string signIn, int hoursBehind)
    {
        DateTimeOffset Told() => hoursBehind > 1 ? DateTimeOffset.UnixEpoch : _clock.GetUtcNow().AddHours(-hoursBehind);
        await using TestApp app = await StartAsync(ticket: _ => new SignInOptions { AuthenticatedAt = Told() }, session: () => new SignInOptions { AuthenticatedAt = Told() });
        using Browser browser = app.NewBrowser();
        await browser.PostAsync(signIn);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        using HttpResponseMessage first = await browser.GetAsync(vault);
        AssertChallenged(first);

        await browser.PostAsync(signIn);
        using HttpResponseMessage refused = await browser.GetAsync(vault);

        Assert.StartsWith("/Account/AccessDenied", refused.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        Assert.Contains(app.Logs.Records, static record => record.Text.Contains("ignores max_age", StringComparison.Ordinal));
        using HttpResponseMessage again = await browser.GetAsync(vault);
        AssertChallenged(again);
    }

    /// <summary>The browser went elsewhere, or another tab asked at the same time: nobody has signed in again.</summary>
    [Fact]
    public async Task User_ChallengedTwiceWithoutSigningIn_IsChallenged()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        await browser.SignInAsync(Ada);
        _clock.Advance(MaxAge + TimeSpan.FromSeconds(1));

        using HttpResponseMessage first = await browser.GetAsync("/vault");
        using HttpResponseMessage second = await browser.GetAsync("/vault");

        AssertChallenged(first);
        AssertChallenged(second);
    }

    /// <summary>The user came back fresh and has become stale since, while the browser still remembers the challenge before.</summary>
    [Theory]
    [InlineData("/vault", 301)]
    [InlineData("/hurried-vault", 11)]
    public async Task User_StaleAgainLaterOn_IsChallenged(string vault, int seconds)
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        await browser.SignInAsync(Ada);
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        using HttpResponseMessage first = await browser.GetAsync(vault);
        AssertChallenged(first);
        await browser.SignInAsync(Ada);
        _clock.Advance(TimeSpan.FromSeconds(seconds));

        using HttpResponseMessage second = await browser.GetAsync(vault);

        AssertChallenged(second);
    }

    /// <summary>Without keys for users, a ticket does not tell when its user authenticated.</summary>
    [Fact]
    public async Task Ticket_WithoutAUsersKey_IsRefusedAfterTheChallenge()
    {
        await using TestApp app = await StartAsync(static services => services.Configure<OrleansSessionOptions>(static options => options.UserKeySecret = null));
        using Browser browser = app.NewBrowser();
        await browser.SignInAsync(Ada);
        using HttpResponseMessage challenge = await browser.GetAsync("/vault");
        AssertChallenged(challenge);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await browser.SignInAsync(Ada);
        using HttpResponseMessage refused = await browser.GetAsync("/vault");

        Assert.StartsWith("/Account/AccessDenied", refused.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_WhoLacksMoreThanFreshness_IsRefused()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);
        _clock.Advance(MaxAge * 2);

        using HttpResponseMessage response = await browser.GetAsync("/admins-vault");

        Assert.StartsWith("/Account/AccessDenied", response.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
    }

    /// <summary>Without it, an OpenID provider would answer from its own session, and the user would be as stale as before.</summary>
    [Fact]
    public async Task Challenge_TellsAnOpenIdProviderTheMaximumAge()
    {
        TimeSpan? asked = null;
        await using TestApp app = await TicketApp.StartAsync(
            Silo.Grains,
            cookie: options => options.Events.OnRedirectToLogin = context =>
            {
                asked = context.Properties.GetParameter<TimeSpan?>("max_age");
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            },
            configure: builder => Configure(builder),
            endpoints: app => Endpoints(app));
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);
        _clock.Advance(MaxAge * 2);

        using HttpResponseMessage response = await browser.GetAsync("/vault");

        Assert.Equal(MaxAge, asked);
    }

    [Fact]
    public async Task Request_WithoutASession_FailsSayingWhatToDo()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => browser.GetAsync("/sessionless-vault"));

        Assert.Contains("UseOrleansSessions", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResultHandler_OfTheApplication_DecidesAboutAllOtherResults()
    {
        await using TestApp app = await StartAsync(static services => services.AddSingleton<IAuthorizationMiddlewareResultHandler, TeapotHandler>().AddOrleansSessions());
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);

        using HttpResponseMessage response = await browser.GetAsync("/admins-vault");

        Assert.Equal(StatusCodes.Status418ImATeapot, (int)response.StatusCode);
        _clock.Advance(MaxAge * 2);
        using HttpResponseMessage challenge = await browser.GetAsync("/vault");
        AssertChallenged(challenge);
    }

    [Fact]
    public void Requirement_WithoutATime_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(static () => new AuthorizationPolicyBuilder().RequireFreshSession(TimeSpan.Zero));

    private static void AssertChallenged(HttpResponseMessage response) =>
        Assert.StartsWith("/Account/Login?ReturnUrl=", response.Headers.Location?.PathAndQuery, StringComparison.Ordinal);

    private static void Endpoints(WebApplication app, Func<SignInOptions>? session = null)
    {
        static void Fresh(AuthorizationPolicyBuilder policy) => policy.RequireFreshSession(MaxAge);

        app.MapPost("/Account/Login", (HttpContext context) => context.SignInAsync(TicketApp.PrincipalOf(Ada)));
        app.MapPost("/refresh-claims", static async (HttpContext context) =>
        {
            AuthenticateResult result = await context.AuthenticateAsync();
            await context.SignInAsync(result.Principal!, result.Properties);
        });
        app.MapPost("/session-sign-in", (HttpContext context) => context.GetOrleansSession().SignInAsync(Ada, session?.Invoke()));
        app.MapGet("/vault", static () => "secret").RequireAuthorization(static policy => policy.RequireAuthenticatedUser().RequireFreshSession(MaxAge));
        app.MapGet("/session-vault", static () => "secret").RequireAuthorization(Fresh);
        app.MapGet("/hurried-vault", static () => "secret").RequireAuthorization(static policy => policy.RequireFreshSession(TimeSpan.FromSeconds(10)));
        app.MapGet("/sessionless-vault", static () => "secret").RequireAuthorization(Fresh).WithMetadata(new SkipSessionAttribute());
        app.MapGet("/admins-vault", static () => "secret").RequireAuthorization(static policy => policy.RequireRole("administrator").RequireFreshSession(MaxAge));
    }

    private void Configure(WebApplicationBuilder builder, Action<IServiceCollection>? services = null)
    {
        services?.Invoke(builder.Services);
        builder.Services.AddSingleton<TimeProvider>(_clock);
    }

    private Task<TestApp> StartAsync(
        Action<IServiceCollection>? services = null, Func<AuthenticationTicket, SignInOptions>? ticket = null, Func<SignInOptions>? session = null) => TicketApp.StartAsync(
        Silo.Grains,
        configure: builder =>
        {
            Configure(builder, services);
            builder.Services.Configure<OrleansTicketStoreOptions>(TicketApp.DefaultScheme, options => options.Details = ticket);
        },
        endpoints: app => Endpoints(app, session));
}
