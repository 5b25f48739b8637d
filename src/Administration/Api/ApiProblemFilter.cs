using Microsoft.AspNetCore.Http;
using OrleansSessions.Contracts;

namespace OrleansSessions.Administration.Api;

/// <summary>Answers of failed calls, and what all answers have: no cache keeps them.</summary>
internal static class ApiProblemFilter
{
    private const string RetryAfterSeconds = "1";

    public static async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        try
        {
            return await next(context);
        }
        catch (SessionUnavailableException)
        {
            context.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
            return TypedResults.Problem("The session cluster or its Redis did not answer in time.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or SessionEncryptionException)
        {
            return TypedResults.Problem(
                "The session is damaged, stored by a newer version, or encrypted with a key that its silo lacks.", statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }
}
