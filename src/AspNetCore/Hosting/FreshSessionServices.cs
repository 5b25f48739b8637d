using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansSessions.AspNetCore;

/// <summary>Services behind <see cref="FreshSessionExtensions.RequireFreshSession"/>.</summary>
internal static class FreshSessionServices
{
    /// <summary>Adds the services, around the result handler that the application has registered before or else around ASP.NET Core's own.</summary>
    public static void AddFreshSessions(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, FreshSessionHandler>());
        ServiceDescriptor? inner = services.LastOrDefault(
            static service => service.ServiceType == typeof(IAuthorizationMiddlewareResultHandler) && !service.IsKeyedService);
        if (inner?.ImplementationFactory is not Func<IServiceProvider, FreshSessionResultHandler>)
        {
            services.AddTransient<IAuthorizationMiddlewareResultHandler, FreshSessionResultHandler>(services => new FreshSessionResultHandler(
                Create(inner, services),
                services.GetRequiredService<IOptions<OrleansSessionOptions>>(),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<FreshSessionResultHandler>>()));
        }
    }

    private static IAuthorizationMiddlewareResultHandler Create(ServiceDescriptor? descriptor, IServiceProvider services) =>
        (IAuthorizationMiddlewareResultHandler)(descriptor switch
        {
            null => new AuthorizationMiddlewareResultHandler(),
            { ImplementationInstance: { } instance } => instance,
            { ImplementationFactory: { } factory } => factory(services),
            _ => ActivatorUtilities.CreateInstance(services, descriptor.ImplementationType!),
        });
}
