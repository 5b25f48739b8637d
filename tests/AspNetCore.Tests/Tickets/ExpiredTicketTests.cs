using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Tickets;

/// <summary>What becomes of <c>HttpContext.Session</c> at a sign-in after the ticket before has expired. Tickets live for five minutes here.</summary>
public sealed class ExpiredTicketTests : IAsyncLifetime
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private TestSilo? _silo;

    private TestSilo Silo => _silo ?? throw new InvalidOperationException("The silo has not started.");

    public async ValueTask InitializeAsync() => _silo = await TestSilo.StartAsync(_clock);

    public ValueTask DisposeAsync() => Silo.DisposeAsync();

    /// <summary>Without a secret for user keys, users can't be told apart any more.</summary>
    [Theory]
    [InlineData("ada", true, "7")]
    [InlineData("grace", true, "")]
    [InlineData("ada", false, "")]
    [InlineData("grace", false, "")]
    public async Task SignIn_AfterTheTicketHasExpired_CarriesTheSessionOverIfItWasTheSameUsers(string user, bool hasKeys, string cart)
    {
        await using TestApp app = await StartAsync(hasKeys);
        using Browser browser = app.NewBrowser();
        await FillCartAsync(browser);
        await browser.SignInAsync("ada");
        _clock.Advance(Lifetime + TimeSpan.FromSeconds(1));
        Assert.Equal("(nobody)", await browser.WhoAmIAsync());

        await browser.SignInAsync(user);

        Assert.Equal(cart, await browser.GetTextAsync("/cart"));
        Assert.Equal(user, await browser.WhoAmIAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignIn_WhileTheTicketLives_CarriesTheSameUsersSessionOver(bool hasKeys)
    {
        await using TestApp app = await StartAsync(hasKeys);
        using Browser browser = app.NewBrowser();
        await FillCartAsync(browser);
        await browser.SignInAsync("ada");

        await browser.SignInAsync("ada");

        Assert.Equal("7", await browser.GetTextAsync("/cart"));
    }

    private static async Task FillCartAsync(Browser browser)
    {
        using HttpResponseMessage response = await browser.PostAsync("/cart/7");
        response.EnsureSuccessStatusCode();
    }

    private Task<TestApp> StartAsync(bool hasKeys) => TicketApp.StartAsync(
        Silo.Grains,
        cookie: static options => (options.ExpireTimeSpan, options.SlidingExpiration) = (Lifetime, false),
        configure: builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_clock);
            if (!hasKeys)
            {
                builder.Services.Configure<OrleansSessionOptions>(static options => options.UserKeySecret = null);
            }
        },
        endpoints: static app =>
        {
            app.MapPost("/cart/{content}", static (HttpContext context, string content) => context.Session.SetString("cart", content));
            app.MapGet("/cart", static (HttpContext context) => context.Session.GetString("cart") ?? "");
        });
}
