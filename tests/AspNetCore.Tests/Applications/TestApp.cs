using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansSessions.AspNetCore.Tests.Calls;

namespace OrleansSessions.AspNetCore.Tests.Applications;

/// <summary>Web application under test, with sessions in a cluster behind a script.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApp(WebApplication app, ScriptedGrains grains, LogCapture logs)
    {
        _app = app;
        Grains = grains;
        Logs = logs;
    }

    public ScriptedGrains Grains { get; }

    public LogCapture Logs { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>The address that Kestrel listens on.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public bool IsOnKestrel => _app.Services.GetRequiredService<IServer>() is not TestServer;

    /// <summary>Starts an application on ASP.NET Core's test server.</summary>
    /// <param name="cluster">The cluster, as <see cref="IGrainFactory"/>.</param>
    /// <param name="pipeline">Middleware and endpoints.</param>
    /// <param name="configure">Changes the builder, after the sessions were added.</param>
    public static Task<TestApp> StartAsync(IGrainFactory cluster, Action<WebApplication> pipeline, Action<WebApplicationBuilder>? configure = null) =>
        StartAsync(cluster, pipeline, configure, static host => host.UseTestServer());

    /// <summary>Starts an application on Kestrel, on loopback without TLS, for tests that depend on when bytes are sent.</summary>
    public static Task<TestApp> StartOnKestrelAsync(IGrainFactory cluster, Action<WebApplication> pipeline, Action<WebApplicationBuilder>? configure = null) =>
        StartAsync(
            cluster,
            pipeline,
            builder =>
            {
                builder.Services.Configure<OrleansSessionOptions>(static options => options.Cookie.SecurePolicy = Microsoft.AspNetCore.Http.CookieSecurePolicy.SameAsRequest);
                configure?.Invoke(builder);
            },
            static host => host.UseKestrel().UseUrls("http://127.0.0.1:0"));

    /// <summary>A new browser, without cookies.</summary>
    public Browser NewBrowser() => IsOnKestrel
        ? new Browser(Address, new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        : new Browser(new Uri("https://localhost"), _app.GetTestServer().CreateHandler());

    /// <summary>Stops the application and waits for its requests.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task<TestApp> StartAsync(
        IGrainFactory cluster, Action<WebApplication> pipeline, Action<WebApplicationBuilder>? configure, Action<IWebHostBuilder> server)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(TestApp).Assembly.GetName().Name });
        var grains = new ScriptedGrains(cluster);
        var logs = new LogCapture();
        builder.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IGrainFactory>(grains);
        builder.Services.AddOrleansSessions();
        server(builder.WebHost);
        configure?.Invoke(builder);
        WebApplication app = builder.Build();
        pipeline(app);
        await app.StartAsync();
        return new TestApp(app, grains, logs);
    }
}
