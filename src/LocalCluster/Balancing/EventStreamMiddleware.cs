using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>Ends server-sent events when the balancer stops: they are requests without an end, and it would wait for them in vain.</summary>
internal sealed class EventStreamMiddleware(RequestDelegate next, IHostApplicationLifetime application)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.Accept != MediaTypeNames.Text.EventStream)
        {
            await next(context);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, application.ApplicationStopping);
        context.RequestAborted = end.Token;
        await next(context);
    }
}
