using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Handler of <see cref="FreshSessionRequirement"/>.</summary>
internal sealed class FreshSessionHandler(TimeProvider time) : AuthorizationHandler<FreshSessionRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, FreshSessionRequirement requirement)
    {
        if (context.Resource is not HttpContext request)
        {
            return;
        }

        RetrievedTicket[] tickets = RequestTickets.Authenticating(request, context.User);
        SessionIdentity? identity = await FindIdentityAsync(request, tickets);
        if (identity is not null && time.GetUtcNow() - identity.AuthenticatedAt <= requirement.MaxAge)
        {
            context.Succeed(requirement);
        }
        else
        {
            request.Features.Set(new StaleSignIn(identity?.LastSignInAt ?? tickets.Max(static ticket => ticket.IssuedAt)));
        }
    }

    /// <summary>Returns the identity that authenticated the user. Of several schemes' that which is the oldest: the user is as fresh as all of them.</summary>
    private static async Task<SessionIdentity?> FindIdentityAsync(HttpContext request, RetrievedTicket[] tickets)
    {
        if (tickets.Select(static ticket => ticket.Identity).OfType<SessionIdentity>().MinBy(static identity => identity.AuthenticatedAt) is { } oldest)
        {
            return oldest;
        }

        if (request.Features.Get<ISessionFeature>()?.Session is IOrleansSession session)
        {
            await session.LoadAsync(request.RequestAborted);
            return session.Identity;
        }

        return tickets.Length > 0 ? null : throw new InvalidOperationException(
            "A fresh session is required, but the request has no session: call app.UseOrleansSessions() before app.UseAuthorization(), and don't skip the session there.");
    }
}
