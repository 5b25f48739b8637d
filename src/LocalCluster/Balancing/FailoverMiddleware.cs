using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>
/// Failover middleware: sends a request to the next frontend if the chosen one refused the connection or, for GET and HEAD, if the connection broke
/// before the response. These are the retries that RFC 9110, section 9.2.2, allows a proxy.
/// </summary>
internal sealed class FailoverMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        IReverseProxyFeature proxy = context.GetReverseProxyFeature();
        IReadOnlyList<DestinationState> untried = proxy.AvailableDestinations;
        await next(context);
        while (MayRepeat(context) && proxy.ProxiedDestination is { } tried)
        {
            untried = [.. untried.Where(destination => destination != tried)];
            if (untried.Count == 0)
            {
                return;
            }

            proxy.AvailableDestinations = untried;
            proxy.ProxiedDestination = null;
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.Clear();
            await next(context);
        }
    }

    private static bool MayRepeat(HttpContext context)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }

        IForwarderErrorFeature? failure = context.GetForwarderErrorFeature();
        string method = context.Request.Method;
        return ForwarderFailure.IsRefusedConnection(failure)
            || ((HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) && ForwarderFailure.IsLostConnection(failure));
    }
}
