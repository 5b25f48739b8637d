using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.Client;

namespace OrleansSessions.AspNetCore;

/// <summary>Puts the session middleware into the pipeline.</summary>
public static class OrleansSessionsApplicationBuilderExtensions
{
    /// <summary>
    /// Gives requests their session. Call it where <c>UseSession</c> would stand: after routing, so that <see cref="SkipSessionAttribute"/> is seen, after
    /// exception handling and static files, and before what uses <c>HttpContext.Session</c>.
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
