using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.Client;

namespace OrleansSessions.AspNetCore;

/// <summary>Registration of the session middleware in the pipeline.</summary>
public static class OrleansSessionsApplicationBuilderExtensions
{
    /// <summary>
    /// Adds the session middleware. Call it instead of <c>UseSession</c>: after routing, so that it sees <see cref="SkipSessionAttribute"/>, after exception handling
    /// and static files, and before anything that uses <c>HttpContext.Session</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>AddOrleansSessions</c> was not called.</exception>
    public static IApplicationBuilder UseOrleansSessions(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ApplicationServices.GetService<IServiceProviderIsService>()?.IsService(typeof(SessionClient)) == false)
        {
            throw new InvalidOperationException("The session services are missing: call services.AddOrleansSessions() before building the application.");
        }

        return app.UseMiddleware<OrleansSessionMiddleware>();
    }
}
