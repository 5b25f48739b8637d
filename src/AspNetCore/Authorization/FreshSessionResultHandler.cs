using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore;

/// <summary>Challenges users who lack nothing but a recent authentication; leaves all other results to the application's handler.</summary>
internal sealed class FreshSessionResultHandler(IAuthorizationMiddlewareResultHandler inner) : IAuthorizationMiddlewareResultHandler
{
    /// <summary>The parameter that tells an OpenID provider how recent the authentication must be (OpenID Connect Core, 3.1.2.1).</summary>
    private const string MaxAgeParameter = "max_age";

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        TimeSpan? maxAge = authorizeResult is { Forbidden: true, AuthorizationFailure: { FailCalled: false } failure } ? MissingFreshness(failure) : null;
        return maxAge is null ? inner.HandleAsync(next, context, policy, authorizeResult) : ChallengeAsync(context, policy, maxAge.Value);
    }

    /// <summary>Returns the strictest time if nothing else is missing, otherwise null.</summary>
    private static TimeSpan? MissingFreshness(AuthorizationFailure failure)
    {
        FreshSessionRequirement[] stale = [.. failure.FailedRequirements.OfType<FreshSessionRequirement>()];
        return stale.Length > 0 && stale.Length == failure.FailedRequirements.Count() ? stale.Min(static requirement => requirement.MaxAge) : null;
    }

    private static async Task ChallengeAsync(HttpContext context, AuthorizationPolicy policy, TimeSpan maxAge)
    {
        var properties = new AuthenticationProperties();
        properties.SetParameter<TimeSpan?>(MaxAgeParameter, maxAge);
        if (policy.AuthenticationSchemes.Count == 0)
        {
            await context.ChallengeAsync(properties);
        }

        foreach (string scheme in policy.AuthenticationSchemes)
        {
            await context.ChallengeAsync(scheme, properties);
        }
    }
}
