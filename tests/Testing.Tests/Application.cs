using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansSessions.AspNetCore;
using OrleansSessions.Grains.Hosting;

namespace OrleansSessions.Testing.Tests;

/// <summary>A user's application that counts visits in the session, with one visitor who keeps cookies.</summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly WebApplication _application;
    private string? _cookie;

    private Application(WebApplication application) => _application = application;

    public static async Task<Application> StartAsync(SessionTestCluster cluster, bool hostsSilo = false)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        cluster.Configure(builder.WebHost);
        if (hostsSilo)
        {
            builder.AddSessionCluster();
        }
        else
        {
            builder.AddOrleansSessionsClient();
        }

        builder.Services.AddOrleansSessions(static options =>
        {
            options.IdleTimeout = TimeSpan.FromMinutes(20);

            // The maximum: silos and application share one process, on a machine that may be busy.
            options.IOTimeout = TimeSpan.FromSeconds(20);
        });
        WebApplication application = builder.Build();
        application.UseOrleansSessions();
        application.MapGet("/visits", static async (HttpContext context) =>
        {
            long visits = await context.GetOrleansSession().IncrementAsync("visits");
            return visits;
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new Application(application);
    }

    /// <summary>Visits the application once more.</summary>
    /// <returns>The number of visits in the session.</returns>
    public async Task<string> VisitAsync()
    {
        using HttpClient client = ((TestServer)_application.Services.GetRequiredService<IServer>()).CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/visits");
        if (_cookie is not null)
        {
            request.Headers.Add("Cookie", _cookie);
        }

        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        if (response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies))
        {
            _cookie = cookies.Single().Split(';')[0];
        }

        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
