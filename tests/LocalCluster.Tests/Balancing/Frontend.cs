using System.Globalization;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Tests.Balancing;

/// <summary>Web server that returns its name and the headers from the load balancer.</summary>
internal sealed class Frontend : IAsyncDisposable
{
    private readonly WebApplication _application;

    private Frontend(string name, WebApplication application)
    {
        Name = name;
        _application = application;
    }

    public string Name { get; }

    public Uri Url => new(_application.Urls.Single());

    public static async Task<Frontend> StartAsync(string name, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.Services.AddRouting();
        var application = builder.Build();
        application.UseWebSockets();
        application.UseRouting();
        application.MapGet("/socket", EchoAsync);
        application.MapGet(HttpReadinessProbe.Path, () => "ready");
        application.MapGet("/", () => name);
        application.MapPost("/", () => name);
        application.MapGet("/missing", () => Results.NotFound("nothing here"));
        application.MapGet("/request", (HttpRequest request) =>
            $"{request.Host} {request.Headers["X-Forwarded-For"]} {request.Headers["X-Forwarded-Proto"]} {request.Headers["X-Forwarded-Host"]}");
        application.MapGet("/break", (HttpContext context) => context.Abort());
        await application.StartAsync();
        return new Frontend(name, application);
    }

    /// <summary>Sends a message back, and then waits for another.</summary>
    private static async Task EchoAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[100];
        try
        {
            ValueWebSocketReceiveResult message = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, endOfMessage: true, context.RequestAborted);
            await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The balancer has stopped.
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
