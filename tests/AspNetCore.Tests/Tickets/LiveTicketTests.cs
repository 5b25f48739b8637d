using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Tickets;

/// <summary>News and connections of an application that signs in with tickets: a sign-in ends those of whoever knew the cookie before.</summary>
public sealed class LiveTicketTests(SessionCluster cluster)
{
    private readonly string _ada = $"ada-{Guid.NewGuid()}";
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task News_SessionsBrowserSignsIn_CompleteWithoutTellingIt()
    {
        await using TestApp app = await StartAsync();
        using Browser victim = await NewBrowserAsync(app);
        using Browser attacker = victim.Clone();
        using HttpResponseMessage watching = await attacker.GetAsync("/news");
        using var news = new StreamReader(await watching.Content.ReadAsStreamAsync(Stop));
        Assert.Equal("1", await news.ReadLineAsync(Stop));

        await victim.SignInAsync(_ada);

        Assert.Null(await news.ReadLineAsync(Stop));
        Assert.Equal("7", await victim.GetTextAsync("/cart"));
    }

    [Fact]
    public async Task Connection_SessionsBrowserSignsIn_Closes()
    {
        await using TestApp app = await StartAsync();
        using Browser victim = await NewBrowserAsync(app);
        using Browser attacker = victim.Clone();
        using HttpResponseMessage held = await attacker.GetAsync("/held");
        Assert.False(_aborted.Task.IsCompleted);

        await victim.SignInAsync(_ada);

        await _aborted.Task.WaitAsync(Stop);
    }

    /// <summary>Whether or not the ticket names its user by a key.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connection_UserSignsInAgain_Closes(bool hasKeys)
    {
        await using TestApp app = await StartAsync(hasKeys);
        using Browser browser = app.NewTicketBrowser();
        await browser.SignInAsync(_ada);
        using Browser thief = browser.Clone();
        using HttpResponseMessage held = await thief.GetAsync("/held");
        Assert.False(_aborted.Task.IsCompleted);

        await browser.SignInAsync(_ada);

        await _aborted.Task.WaitAsync(Stop);
    }

    private static async Task<Browser> NewBrowserAsync(TestApp app)
    {
        Browser browser = app.NewBrowser();
        using HttpResponseMessage response = await browser.PostAsync("/cart/7");
        response.EnsureSuccessStatusCode();
        return browser;
    }

    private static async Task TellAsync(HttpContext context)
    {
        await foreach (SessionDescription now in context.WatchSessionAsync())
        {
            await context.Response.WriteAsync($"{now.Version}\n");
            await context.Response.Body.FlushAsync();
        }
    }

    private async Task HoldAsync(HttpContext context)
    {
        await context.Response.WriteAsync("held");
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _aborted.TrySetResult();
    }

    private Task<TestApp> StartAsync(bool hasKeys = true) => TicketApp.StartAsync(
        cluster.Grains,
        configure: builder => builder.Services.Configure<OrleansSessionOptions>(options =>
        {
            options.NewsInterval = TimeSpan.FromMilliseconds(100);
            options.UserKeySecret = hasKeys ? options.UserKeySecret : null;
        }),
        endpoints: app =>
        {
            app.MapPost("/cart/{content}", static (HttpContext context, string content) => context.Session.SetString("cart", content));
            app.MapGet("/cart", static (HttpContext context) => context.Session.GetString("cart") ?? "");
            app.MapGet("/news", TellAsync);
            app.MapGet("/held", HoldAsync).RequireLiveSession();
        });
}
