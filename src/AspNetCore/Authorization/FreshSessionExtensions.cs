using Microsoft.AspNetCore.Authorization;

namespace OrleansSessions.AspNetCore;

/// <summary>Authorization by the time of the user's last authentication.</summary>
public static class FreshSessionExtensions
{
    /// <summary>
    /// Requires that the user has authenticated within a time. Decided by the session that keeps the user's ticket if that is signed in, otherwise by the request's
    /// <see cref="IOrleansSession.Identity"/>. If only this is missing, the user is challenged and comes back, instead of being refused. One who comes back as
    /// stale as before is refused.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="maxAge">How long ago the authentication may be.</param>
    public static AuthorizationPolicyBuilder RequireFreshSession(this AuthorizationPolicyBuilder policy, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.AddRequirements(new FreshSessionRequirement(maxAge));
    }
}
