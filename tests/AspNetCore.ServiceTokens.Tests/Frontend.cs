using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.Client;
using OrleansSessions.Connectivity.Files;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.ServiceTokens.Tests;

/// <summary>Frontend whose sessions get tokens. The test moves the clocks of its tokens and of its key files.</summary>
internal sealed class Frontend : IAsyncDisposable
{
    public const string Issuer = "https://localhost";
    public const string Orders = "orders";
    public const string Billing = "billing";

    private readonly TestApp _app;
    private readonly FakeTimeProvider _fileClock;
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Frontend(TestApp app, FakeTimeProvider clock, FakeTimeProvider fileClock) => (_app, Clock, _fileClock) = (app, clock, fileClock);

    /// <summary>The clock of the tokens.</summary>
    public FakeTimeProvider Clock { get; }

    public LogCapture Logs => _app.Logs;

    /// <summary>Completes when a request to <c>/held-token</c> has loaded its session.</summary>
    public Task Held => _held.Task;

    public static async Task<Frontend> StartAsync(IGrainFactory cluster, SigningKeyFolder keys, Action<ServiceTokenOptions>? configure = null)
    {
        Frontend? frontend = null;
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        FakeTimeProvider fileClock = new();
        TestApp app = await TestApp.StartAsync(
            cluster,
            app => Map(app, () => frontend!),
            builder =>
            {
                builder.Services.Configure<OrleansSessionOptions>(static options =>
                {
                    options.UserKeySecret = Convert.ToBase64String(new byte[UserKey.MinSecretBytes]);
                    options.Impersonation.Policy = "support";
                });
                builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
                builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
                builder.Services.AddAuthorization(static options => options.AddPolicy("support", static policy => policy.RequireAssertion(static _ => true)));
                builder.Services.AddOrleansTicketStore();
                builder.Services.AddSingleton(services => new SigningKeyFiles(
                    services.GetRequiredService<IOptions<ServiceTokenOptions>>(), fileClock, NullLogger<SigningKeyFiles>.Instance));
                builder.Services.AddSingleton(services => new ServiceTokenIssuer(
                    services.GetRequiredService<SessionClient>(),
                    services.GetRequiredService<SigningKeyFiles>(),
                    services.GetRequiredService<IOptions<ServiceTokenOptions>>(),
                    clock));
                builder.Services.AddSessionServiceTokens(options =>
                {
                    keys.Configure(options);
                    configure?.Invoke(options);
                });
            });
        return frontend = new Frontend(app, clock, fileClock);
    }

    public Browser NewBrowser() => _app.NewBrowser();

    /// <summary>The way of services to this frontend.</summary>
    public HttpMessageHandler CreateHandler() => ((TestServer)_app.Services.GetRequiredService<IServer>()).CreateHandler();

    /// <summary>Reads the key files again.</summary>
    public void ReadKeys() => _fileClock.Advance(FileWatch<SigningKeyRing>.ReadInterval);

    public void Release() => _released.TrySetResult();

    public async Task<Browser> SignInAsync(string user)
    {
        Browser browser = NewBrowser();
        await PostAsync(browser, $"/sign-in/{user}");
        return browser;
    }

    public static async Task PostAsync(Browser browser, string path)
    {
        using HttpResponseMessage response = await browser.PostAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {await response.TextAsync()}");
    }

    public static async Task<JsonWebToken> GetTokenAsync(Browser browser, string audience = Orders)
    {
        using HttpResponseMessage response = await browser.PostAsync($"/token/{audience}");
        string text = await response.TextAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {text}");
        return new JsonWebToken(text);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Map(WebApplication app, Func<Frontend> frontend)
    {
        app.UseRouting();
        app.UseOrleansSessions();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapServiceTokenKeys();
        app.MapPost("/sign-in/{user}", (HttpContext context, string user) => context.GetOrleansSession().SignInAsync(user, new() { Method = "pwd" }));
        app.MapPost("/sign-in-with-ticket/{user}", (HttpContext context, string user) =>
            context.SignInAsync(new(new System.Security.Claims.ClaimsIdentity([new("sub", user)], "test"))));
        app.MapPost("/sign-out", (HttpContext context) => context.GetOrleansSession().SignOutAsync());
        app.MapPost("/act-as/{user}", (HttpContext context, string user) => context.ImpersonateAsync(user));
        app.MapPost("/visit", (HttpContext context) => context.Session.SetString("a", "1"));
        app.MapPost("/idle/{seconds}", (HttpContext context, int seconds) => context.GetOrleansSession().IdleTimeout = TimeSpan.FromSeconds(seconds));
        app.MapGet("/ends", (HttpContext context) => $"{context.GetOrleansSession().ExpiresAt:O}");
        app.MapGet("/key", (HttpContext context) => context.GetTicketSessionKey() ?? context.Session.Id);
        app.MapPost("/token/{audience}", async (HttpContext context, string audience) => (await context.CreateServiceTokenAsync(audience)).Text);
        app.MapPost("/held-token", async (HttpContext context) =>
        {
            await context.Session.LoadAsync();
            frontend()._held.TrySetResult();
            await frontend()._released.Task;
            return (await context.CreateServiceTokenAsync(Orders)).Text;
        });
    }
}
