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
        if (context.Resource is HttpContext request
            && await FindIdentityAsync(request) is { } identity
            && time.GetUtcNow() - identity.AuthenticatedAt <= requirement.MaxAge)
        {
            context.Succeed(requirement);
        }
    }

    private static async Task<SessionIdentity?> FindIdentityAsync(HttpContext request)
    {
        RetrievedTicket? ticket = request.Features.Get<RetrievedTicket>();
        if (ticket?.Identity is { } identity)
        {
            return identity;
        }

        if (request.Features.Get<ISessionFeature>()?.Session is IOrleansSession session)
        {
            await session.LoadAsync(request.RequestAborted);
            return session.Identity;
        }

        return ticket is not null ? null : throw new InvalidOperationException(
            "A fresh session is required, but the request has no session: call app.UseOrleansSessions() before app.UseAuthorization(), and don't skip the session there.");
    }
}
