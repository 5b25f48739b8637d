using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansSessions.AspNetCore.ServiceTokens.Tests;

/// <summary>Downstream service with the stock bearer authentication.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Service(WebApplication app) => _app = app;

    public static async Task<Service> StartAsync(Frontend frontend, string audience = Frontend.Orders)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.Authority = Frontend.Issuer;
            options.Audience = audience;
            options.BackchannelHttpHandler = frontend.CreateHandler();
        });
        WebApplication app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/", static () => "welcome").RequireAuthorization();
        await app.StartAsync();
        return new Service(app);
    }

    public async Task<HttpStatusCode> CallAsync(string token)
    {
        using HttpClient client = _app.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(JwtBearerDefaults.AuthenticationScheme, token);
        using HttpResponseMessage response = await client.GetAsync(new Uri("/", UriKind.Relative));
        return response.StatusCode;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
