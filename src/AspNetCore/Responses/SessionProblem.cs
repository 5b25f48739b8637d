using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Responses;

/// <summary>Problem details (RFC 9457) for session exceptions that the application did not catch.</summary>
internal static class SessionProblem
{
    private const string RetryAfterSeconds = "1";
    private const string GuessRetryAfterSeconds = "60";

    public static async Task WriteAsync(HttpContext context, Exception exception)
    {
        (int status, string title) = exception is SessionException refused
            ? (refused.StatusCode, refused.Title)
            : (StatusCodes.Status503ServiceUnavailable, "Session unavailable");

        context.Response.Clear();
        context.Response.StatusCode = status;
        if (exception is SessionUnavailableException or GuessLimitException)
        {
            context.Response.Headers.RetryAfter = exception is GuessLimitException ? GuessRetryAfterSeconds : RetryAfterSeconds;
        }

        if (context.RequestServices.GetService<IProblemDetailsService>() is { } problems)
        {
            // Writes nothing to a client that does not accept JSON; the application's status code page, if any, then responds.
            await problems.TryWriteAsync(new ProblemDetailsContext
            {
                HttpContext = context,
                ProblemDetails = new ProblemDetails { Status = status, Title = title, Detail = exception.Message },
            });
            return;
        }

        await Results.Problem(exception.Message, statusCode: status, title: title).ExecuteAsync(context);
    }
}
