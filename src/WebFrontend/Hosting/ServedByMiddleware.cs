using Microsoft.Extensions.Options;

namespace OrleansSessions.WebFrontend.Hosting;

/// <summary>Middleware that names the frontend in the response header <c>X-Served-By</c>.</summary>
internal sealed class ServedByMiddleware(RequestDelegate next, IOptions<FrontendOptions> options)
{
    private const string HeaderName = "X-Served-By";

    private readonly string _name = options.Value.Name;

    public Task InvokeAsync(HttpContext context)
    {
        // Set late, because the exception handler clears the headers before it writes the error.
        context.Response.OnStarting(
            static state =>
            {
                (HttpContext context, string name) = ((HttpContext, string))state;
                context.Response.Headers[HeaderName] = name;
                return Task.CompletedTask;
            },
            (context, _name));
        return next(context);
    }
}
