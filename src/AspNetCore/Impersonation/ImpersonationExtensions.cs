using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Administrators who act as users.</summary>
public static class ImpersonationExtensions
{
    /// <summary>
    /// Starts a session in which the administrator, whom the request's <c>HttpContext.Session</c> is signed in as, acts as a user: from the browser's next request on it is
    /// <c>HttpContext.Session</c>, with <see cref="SessionIdentity.ImpersonatedBy"/> set. It is in both users' lists, so ending all sessions of either ends it, and it ends
    /// after <see cref="ImpersonationOptions.Lifetime"/> at the latest. It ends with the administrator's own session, unless that only becomes idle meanwhile. It inherits when
    /// and how the administrator authenticated, and no sign-in can change that. A second call in the same request ends the first one's session.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="userId">The application's id of the user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ImpersonationException">
    /// <see cref="ImpersonationOptions.Policy"/> is not met, the session is not signed in, is the user's own or another user's than the request's ticket, or acts as a user
    /// already.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// No policy is named, or it names authentication schemes and the endpoint does not require it; the response has started; or PHP shares the namespace.
    /// </exception>
    public static Task ImpersonateAsync(this HttpContext context, string userId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return context.RequestServices.GetRequiredService<Impersonator>().StartAsync(context, userId, cancellationToken);
    }

    /// <summary>
    /// Ends the session in which the administrator acts as a user, if it has not ended by itself: from then on <c>HttpContext.Session</c> is the administrator's own, if
    /// that lives. With tokens in a header that is so from the app's next request with its own token on. Does nothing in any other session.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task StopImpersonatingAsync(this HttpContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.RequestServices.GetRequiredService<Impersonator>().StopAsync(context, cancellationToken);
    }
}
