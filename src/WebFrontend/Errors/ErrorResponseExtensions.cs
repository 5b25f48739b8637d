using OrleansSessions.AspNetCore;
using OrleansSessions.Contracts;
using StackExchange.Redis;

namespace OrleansSessions.WebFrontend.Errors;

/// <summary>Error responses: pages for browsers, RFC 9457 problem details for API callers.</summary>
internal static class ErrorResponseExtensions
{
    private const string ErrorPage = "/error";

    /// <summary>Adds the services of <see cref="UseErrorResponses"/>.</summary>
    public static void AddErrorResponses(this IServiceCollection services)
    {
        // Registered before the default writer, so that it is asked first.
        services.AddSingleton<IProblemDetailsWriter, BrowserProblemWriter>();
        services.AddProblemDetails();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false);
        services.Configure<ExceptionHandlerOptions>(handler => handler.StatusCodeSelector = StatusOf);
    }

    /// <summary>Turns exceptions, and responses with an error status and no body, into error pages or problem details.</summary>
    public static void UseErrorResponses(this IApplicationBuilder app)
    {
        app.UseWhen(IsApi, api => api.UseExceptionHandler().UseStatusCodePages());
        app.UseWhen(context => !IsApi(context), static pages => pages
            .UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = ErrorPage, StatusCodeSelector = StatusOf })
            .UseStatusCodePagesWithReExecute(ErrorPage));
    }

    /// <summary>
    /// Answers with the error page here, after routing and before sessions and authentication: both need the cluster, and the page tells that it does not answer.
    /// </summary>
    public static void UseErrorPage(this IApplicationBuilder app) =>
        app.MapWhen(static context => context.Request.Path == ErrorPage, static error => error.UseEndpoints(static _ => { }));

    /// <summary>Whether a request comes from a program rather than a browser.</summary>
    public static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api");

    private static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        SessionException refused => refused.StatusCode,
        SessionUnavailableException or RedisException or RedisTimeoutException => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
