using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Tickets;

/// <summary>Two schemes with a ticket store each: customers', which is the default, and staff's.</summary>
public sealed class TicketSchemeTests : IAsyncLifetime
{
    private const string Staff = "Staff";

    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private TestSilo? _silo;

    private TestSilo Silo => _silo ?? throw new InvalidOperationException("The silo has not started.");

    public async ValueTask InitializeAsync() => _silo = await TestSilo.StartAsync(_clock);

    public ValueTask DisposeAsync() => Silo.DisposeAsync();

    [Fact]
    public async Task Freshness_IsThatOfTheTicketThatAuthenticatedTheUser()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        await browser.SignInAsync("ada");
        _clock.Advance(MaxAge * 2);
        await browser.PostAsync("/staff-sign-in");

        using HttpResponseMessage customers = await browser.GetAsync("/customers-vault");
        using HttpResponseMessage staff = await browser.GetAsync("/staff-vault");
        using HttpResponseMessage both = await browser.GetAsync("/both-vault");

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.OK, HttpStatusCode.Redirect), (customers.StatusCode, staff.StatusCode, both.StatusCode));
    }

    [Fact]
    public async Task TicketSessionKey_IsThatOfTheGivenSchemeOrOfTheAuthenticatedUser()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        await browser.SignInAsync("ada");
        await browser.PostAsync("/staff-sign-in");

        string[] keys = (await browser.GetTextAsync("/keys")).Split(' ');

        Assert.Equal(keys[0], keys[1]);
        Assert.NotEqual(keys[0], keys[2]);
        Assert.All(keys, static key => Assert.Equal(43, key.Length));
    }

    [Fact]
    public async Task SignOut_OfOneScheme_LeavesTheOther()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        await browser.SignInAsync("ada");
        await browser.PostAsync("/staff-sign-in");

        using HttpResponseMessage response = await browser.PostAsync("/staff-sign-out");

        Assert.Equal("ada", await browser.WhoAmIAsync());
        using HttpResponseMessage staff = await browser.GetAsync("/staff-vault");
        Assert.Equal(HttpStatusCode.Redirect, staff.StatusCode);
    }

    /// <summary>Both use the browser now. The session stays the first one's.</summary>
    [Fact]
    public async Task SignIn_BesideAnotherUsersTicketOfAnotherScheme_LeavesTheSession()
    {
        await using TestApp app = await StartAsync();
        using Browser browser = app.NewBrowser();
        await browser.SignInAsync("ada");
        await browser.PostAsync("/cart/7");

        await browser.PostAsync("/staff-sign-in");
        Assert.Equal("7", await browser.GetTextAsync("/cart"));

        await app.Users().EndAllAsync("ada", cancellationToken: TestContext.Current.CancellationToken);
        await browser.PostAsync("/staff-sign-in");
        Assert.Equal("", await browser.GetTextAsync("/cart"));
    }

    private static AuthorizationPolicyBuilder Fresh(AuthorizationPolicyBuilder policy, params string[] schemes)
    {
        policy.AuthenticationSchemes = schemes;
        return policy.RequireAuthenticatedUser().RequireFreshSession(MaxAge);
    }

    private Task<TestApp> StartAsync() => TicketApp.StartAsync(
        Silo.Grains,
        configure: builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_clock);
            builder.Services.AddAuthentication().AddCookie(Staff);
            builder.Services.AddOrleansTicketStore(Staff);
        },
        endpoints: static app =>
        {
            app.MapPost("/staff-sign-in", static (HttpContext context) => context.SignInAsync(Staff, TicketApp.PrincipalOf("grace")));
            app.MapPost("/staff-sign-out", static (HttpContext context) => context.SignOutAsync(Staff));
            app.MapGet("/customers-vault", static () => "secret").RequireAuthorization(static policy => Fresh(policy));
            app.MapGet("/staff-vault", static () => "secret").RequireAuthorization(static policy => Fresh(policy, Staff));
            app.MapGet("/both-vault", static () => "secret").RequireAuthorization(static policy => Fresh(policy, TicketApp.DefaultScheme, Staff));
            app.MapPost("/cart/{content}", static (HttpContext context, string content) => context.Session.SetString("cart", content));
            app.MapGet("/cart", static (HttpContext context) => context.Session.GetString("cart") ?? "");
            app.MapGet("/keys", static async (HttpContext context) =>
            {
                await context.AuthenticateAsync(Staff);
                return $"{context.GetTicketSessionKey()} {context.GetTicketSessionKey(TicketApp.DefaultScheme)} {context.GetTicketSessionKey(Staff)}";
            });
        });
}
