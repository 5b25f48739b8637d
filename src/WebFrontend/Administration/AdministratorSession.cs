using System.Security.Claims;
using System.Security.Principal;
using OrleansSessions.Administration;
using OrleansSessions.AspNetCore;

namespace OrleansSessions.WebFrontend.Administration;

/// <summary>The browser's session in the shop while its administrator acts as a customer: the administrator's own, and the one in which they act.</summary>
internal sealed class AdministratorSession(IOrleansSession session, SessionAdministrator sessions)
{
    /// <summary>Longer than any customer's name: these ids share the customers' lists.</summary>
    private const string IdPrefix = "an administrator of this shop, signed in to the console: ";

    /// <summary>The administrator's user id: of the ticket for the console, and of the session from which they act, which must be the same user's.</summary>
    public static string IdOf(IIdentity? administrator) => IdPrefix + administrator?.Name;

    /// <summary>Begins to act as a customer. Any other session of the browser ends, with its content.</summary>
    public async Task ActAsAsync(HttpContext request, ClaimsPrincipal administrator, string user, CancellationToken cancellationToken)
    {
        await request.StopImpersonatingAsync(cancellationToken);
        if (session.Exists && !IsOf(administrator))
        {
            await session.SignOutAsync(cancellationToken);
        }

        await session.SignInAsync(IdOf(administrator.Identity), new SignInOptions { Method = "key", Label = "Console" }, cancellationToken);
        await request.ImpersonateAsync(user, cancellationToken);
    }

    /// <summary>Ends both sessions, if there are any.</summary>
    public async Task EndAsync(HttpContext request, ClaimsPrincipal administrator, CancellationToken cancellationToken)
    {
        await request.StopImpersonatingAsync(cancellationToken);
        if (IsOf(administrator))
        {
            await session.SignOutAsync(cancellationToken);
        }
    }

    private bool IsOf(ClaimsPrincipal administrator) => session.Identity is { } identity && identity.User == sessions.KeyOf(IdOf(administrator.Identity))?.Value;
}
