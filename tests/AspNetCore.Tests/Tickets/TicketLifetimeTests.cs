using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Tickets;

/// <summary>Expiry and renewal of tickets, which live for an hour here.</summary>
public sealed class TicketLifetimeTests : IAsyncLifetime
{
    private const string Ada = "ada";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestSilo? _silo;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TestSilo Silo => _silo ?? throw new InvalidOperationException("The silo has not started.");

    public async ValueTask InitializeAsync() => _silo = await TestSilo.StartAsync(_clock);

    public ValueTask DisposeAsync() => Silo.DisposeAsync();

    [Fact]
    public async Task Ticket_WithSlidingExpiration_IsExtendedByUse()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);

        for (int i = 0; i < 4; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(40));
            Assert.Equal(Ada, await browser.WhoAmIAsync());
        }

        Assert.Equal(_clock.GetUtcNow().AddHours(1), (await ListedAsync(app))!.ExpiresAt, TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
        Assert.Null(await ListedAsync(app));
    }

    [Fact]
    public async Task Ticket_WithoutSlidingExpiration_EndsDespiteUse()
    {
        await using TestApp app = await StartAsync(static options => options.SlidingExpiration = false);
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);

        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(Ada, await browser.WhoAmIAsync());
        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("(nobody)", await browser.WhoAmIAsync());
        Assert.Null(await ListedAsync(app));
    }

    [Fact]
    public async Task Renewal_ThatRacesWithASignOut_NeverSignsInAgain()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);
        using Browser renewing = browser.Clone();
        Task<HttpResponseMessage> renewal = await BeginRenewalAsync(renewing);

        using HttpResponseMessage signOut = await browser.PostAsync("/sign-out");
        _goOn.SetResult();

        using HttpResponseMessage response = await renewal;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(response.SetCookies());
        Assert.Equal("CommitAsync", app.Grains.Methods.Last());
        Assert.Equal("(nobody)", await renewing.WhoAmIAsync());
        Assert.Null(await ListedAsync(app));
    }

    [Fact]
    public async Task Renewal_ThatRacesWithASignIn_LeavesTheNewTicketAndCookie()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);
        using Browser renewing = browser.Clone();
        Task<HttpResponseMessage> renewal = await BeginRenewalAsync(renewing);

        await browser.SignInAsync(Ada);
        _goOn.SetResult();

        using HttpResponseMessage response = await renewal;
        Assert.Empty(response.SetCookies());
        Assert.Equal(Ada, await browser.WhoAmIAsync());
    }

    /// <summary>A request that the browser sent before it had the new cookie must not hand it the old one again.</summary>
    [Fact]
    public async Task Renewal_WithATokenInItsGrace_SetsNoCookie()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);
        using Browser late = browser.Clone();
        _clock.Advance(TimeSpan.FromMinutes(40));
        await browser.PostAsync("/sign-in-old/" + Ada);

        using HttpResponseMessage response = await late.GetAsync("/me");

        Assert.Equal(Ada, await response.TextAsync());
        Assert.Empty(response.SetCookies());
    }

    [Fact]
    public async Task Renewal_WhileTheClusterIsUnavailable_IsLeftToTheNextRequest()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);
        _clock.Advance(TimeSpan.FromMinutes(40));
        app.Grains.Fail("CommitAsync", new SessionUnavailableException("Redis did not answer."));

        using HttpResponseMessage response = await browser.GetAsync("/me");

        Assert.Equal(Ada, await response.TextAsync());
        Assert.Empty(response.SetCookies());
        using HttpResponseMessage next = await browser.GetAsync("/me");
        Assert.Single(next.SetCookies());
    }

    [Fact]
    public async Task Renewal_AsAnotherUser_IsRefused()
    {
        await using TestApp app = await StartAsync(static options => options.Events.OnValidatePrincipal = static context =>
        {
            context.ReplacePrincipal(TicketApp.PrincipalOf("mallory"));
            context.ShouldRenew = true;
            return Task.CompletedTask;
        });
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(Ada);

        await Assert.ThrowsAsync<InvalidOperationException>(() => browser.GetAsync("/me"));

        Assert.NotNull(await ListedAsync(app));
        Assert.Single(app.Grains.Commits);
    }

    private static async Task<SessionDescription?> ListedAsync(TestApp app) =>
        (await app.Users().ListAsync(Ada, cancellationToken: Cancellation)).Sessions.SingleOrDefault()?.Description;

    /// <summary>Sends a request that renews its ticket at its end, and waits until it is being handled.</summary>
    private async Task<Task<HttpResponseMessage>> BeginRenewalAsync(Browser renewing)
    {
        _clock.Advance(TimeSpan.FromMinutes(40));
        Task<HttpResponseMessage> renewal = renewing.GetAsync("/hold");
        await _arrived.Task.WaitAsync(Cancellation);
        return renewal;
    }

    private Task<TestApp> StartAsync(Action<CookieAuthenticationOptions>? cookie = null) => TicketApp.StartAsync(
        Silo.Grains,
        cookie: options =>
        {
            options.ExpireTimeSpan = TimeSpan.FromHours(1);
            cookie?.Invoke(options);
        },
        configure: builder => builder.Services.AddSingleton<TimeProvider>(_clock),
        endpoints: app =>
        {
            app.MapGet("/hold", async () =>
            {
                _arrived.SetResult();
                await _goOn.Task;
            });
            app.MapPost("/sign-in-old/{user}", (HttpContext context, string user) => context.SignInAsync(
                TicketApp.PrincipalOf(user), new() { IssuedUtc = _clock.GetUtcNow().AddMinutes(-40), ExpiresUtc = _clock.GetUtcNow().AddMinutes(20) }));
        });
}
