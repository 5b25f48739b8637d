using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>Ends server-sent events and WebSockets when the balancer stops: they are requests without an end, and it would wait for them in vain.</summary>
internal sealed class EndlessRequestMiddleware(RequestDelegate next, IHostApplicationLifetime application)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!IsEndless(context))
        {
            await next(context);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, application.ApplicationStopping);
        context.RequestAborted = end.Token;
        await next(context);
    }

    private static bool IsEndless(HttpContext context) =>
        context.Request.Headers.Accept == MediaTypeNames.Text.EventStream || IsWebSocket(context.Request);

    private static bool IsWebSocket(HttpRequest request) =>
        request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);
}
