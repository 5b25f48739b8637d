using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tests.Live;

/// <summary>Frontend on Kestrel that hosts a silo, with a hub and a WebSocket bound to the session.</summary>
internal sealed class LiveFrontend : IAsyncDisposable
{
    public const string CookieName = "session";

    private const string SupportPolicy = "support";

    private readonly WebApplication _app;
    private readonly TaskCompletionSource _watched = new();

    private LiveFrontend(WebApplication app, LogCapture logs) => (_app, Logs) = (app, logs);

    public LogCapture Logs { get; }

    /// <summary>Completes when a request has stopped watching its session.</summary>
    public Task Watched => _watched.Task;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public IServiceProvider Services => _app.Services;

    public static async Task<LiveFrontend> StartAsync(EmbeddedStore store, string clusterId, string name, TestClock clock)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(LiveFrontend).Assembly.GetName().Name });
        builder.AddTestSilo(store, clusterId, name, clock);
        var logs = new LogCapture();
        builder.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRouting();
        builder.Services.AddSignalR();
        builder.Services.AddAuthorization(static options => options.AddPolicy(
            SupportPolicy, static policy => policy.RequireFreshSession(TimeSpan.FromHours(1)).RequireAssertion(static context => Actor(context.Resource) == "root")));
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddOrleansSessions(static options =>
        {
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.Cookie.Name = CookieName;
            options.NewsInterval = TimeSpan.FromMilliseconds(100);
            options.Impersonation.Policy = SupportPolicy;
            options.UserKeySecret = Convert.ToBase64String(new byte[UserKey.MinSecretBytes]);
        });
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var frontend = new LiveFrontend(app, logs);
        app.UseRouting();
        app.UseWebSockets();
        app.UseOrleansSessions();
        app.MapSessionEndpoints();
        app.MapPost("/idle/{seconds}", (HttpContext context, int seconds) => context.GetOrleansSession().IdleTimeout = TimeSpan.FromSeconds(seconds));
        app.MapPost("/sign-in/{user}", (HttpContext context, string user) => context.GetOrleansSession().SignInAsync(user));
        app.MapPost("/elevate", (HttpContext context) => context.GetOrleansSession().RotateForSignInAsync());
        app.MapPost("/end-all/{user}", (IUserSessions users, string user) => users.EndAllAsync(user, reason: EndReason.EndedByAdministrator));
        app.MapPost("/act-as/{user}", (HttpContext context, string user) => context.ImpersonateAsync(user));
        app.MapPost("/sign-in/{administrator}/act-as/{user}", SignInAndActAsync);
        app.MapGet("/who", (HttpContext context) => context.GetOrleansSession().Identity is { } identity ? $"{identity.User} {identity.ImpersonatedBy}" : "(nobody)");
        app.MapPost("/act-as/{first}/and/{second}", ActTwiceAsync);
        app.MapPost("/stop/set/{name}/{value}", StopAndStoreAsync);
        app.MapPost("/stop", (HttpContext context) => context.StopImpersonatingAsync());
        app.MapGet("/key", (HttpContext context) => context.Session.Id);
        app.MapGet("/watch", frontend.WatchAsync);
        app.MapHub<EchoHub>("/hub").RequireLiveSession();
        app.Map("/socket", EchoAsync).RequireLiveSession();
        app.Map("/kept-socket", EchoAsync).RequireLiveSession(keepAlive: true);
        await app.StartAsync();
        return frontend;
    }

    public Browser NewBrowser() => new(Address, new SocketsHttpHandler { UseCookies = false }) { CookieName = CookieName };

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Not gracefully, which takes long: nothing is left to be handed over.
            await _app.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        await _app.DisposeAsync();
    }

    /// <summary>The name that the request gives itself.</summary>
    private static string? Actor(object? request) => (request as HttpContext)?.Request.Query["by"];

    private static async Task SignInAndActAsync(HttpContext context, string administrator, string user)
    {
        await context.GetOrleansSession().SignInAsync(administrator);
        await context.ImpersonateAsync(user);
    }

    private static async Task ActTwiceAsync(HttpContext context, string first, string second)
    {
        await context.ImpersonateAsync(first);
        await context.ImpersonateAsync(second);
    }

    private static async Task StopAndStoreAsync(HttpContext context, string name, string value)
    {
        await context.StopImpersonatingAsync();
        context.Session.SetString(name, value);
    }

    /// <summary>Watches the session without a token of its own, until there is nothing more to tell.</summary>
    private async Task WatchAsync(HttpContext context)
    {
        await foreach (SessionDescription now in context.WatchSessionAsync())
        {
            await context.Response.WriteAsync($"{now.Version}\n");
        }

        _watched.TrySetResult();
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[64];
        try
        {
            while (true)
            {
                WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, CancellationToken.None);
                context.Session.SetString("late", "never stored");
                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The connection is closed; the request ends as if it had succeeded.
        }
    }

    private sealed class EchoHub : Hub
    {
        public string Echo(string text) => Context.ConnectionAborted.IsCancellationRequested ? "" : text;
    }
}
