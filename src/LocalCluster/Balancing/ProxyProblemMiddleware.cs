using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansSessions.LocalCluster.Balancing;

/// <summary>Middleware that writes problem details if no frontend could respond. Responses of the frontends pass unchanged.</summary>
internal sealed class ProxyProblemMiddleware(RequestDelegate next, IProblemDetailsService problems)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.GetForwarderErrorFeature() is not { } failure || context.Response.HasStarted)
        {
            return;
        }

        ProblemDetails problem = Describe(failure, context.Response.StatusCode);
        context.Response.Clear();
        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        }

        if (!await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem }))
        {
            // The client does not accept JSON; for example, the browser requested an image.
            await context.Response.WriteAsync($"{problem.Title}: {problem.Detail}");
        }
    }

    private static ProblemDetails Describe(IForwarderErrorFeature failure, int status) => failure.Error switch
    {
        ForwarderError.NoAvailableDestinations => new ProblemDetails
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            Title = "No frontend is ready",
            Detail = "The load balancer has no healthy frontend to send the request to. The cluster is starting or stopping, or its frontends have failed.",
        },
        _ when ForwarderFailure.IsRefusedConnection(failure) => new ProblemDetails
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            Title = "No frontend could be reached",
            Detail = "Every frontend refused the connection. The request was not carried out.",
        },
        ForwarderError.RequestTimedOut => new ProblemDetails
        {
            Status = StatusCodes.Status504GatewayTimeout,
            Title = "The frontend did not answer in time",
            Detail = "The request may have been carried out.",
        },
        _ => new ProblemDetails
        {
            Status = status >= StatusCodes.Status400BadRequest ? status : StatusCodes.Status502BadGateway,
            Title = "The request could not be forwarded",
            Detail = "The connection to the frontend broke before it answered. The request may have been carried out.",
        },
    };
}
