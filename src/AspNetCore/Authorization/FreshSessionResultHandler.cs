using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore.Headers;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Challenges users who lack nothing but a recent authentication; leaves all other results to the application's handler. A user who comes back from the challenge as stale
/// as before is refused: otherwise a provider that answers without asking would send the browser round for ever.
/// </summary>
internal sealed partial class FreshSessionResultHandler(
    IAuthorizationMiddlewareResultHandler inner, IOptions<OrleansSessionOptions> options, TimeProvider time, ILogger<FreshSessionResultHandler> logger)
    : IAuthorizationMiddlewareResultHandler
{
    /// <summary>The parameter that tells an OpenID provider how recent the authentication must be (OpenID Connect Core, 3.1.2.1).</summary>
    private const string MaxAgeParameter = "max_age";

    /// <summary>How long the browser remembers which sign-in was too old. Whoever takes longer to authenticate is asked again.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    /// <summary>How soon after the sign-in the browser is back.</summary>
    private static readonly TimeSpan WayBack = TimeSpan.FromMinutes(1);

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        DateTimeOffset? signedInAt = context.Features.Get<StaleSignIn>()?.At;
        if (MissingFreshness(policy, authorizeResult, isSignedIn: signedInAt is not null) is not { } maxAge)
        {
            return inner.HandleAsync(next, context, policy, authorizeResult);
        }

        if (!IsBackFromChallenge(context, signedInAt, maxAge))
        {
            return ChallengeAsync(context, policy, maxAge);
        }

        LogStaleAgain(logger, maxAge);
        var reason = new AuthorizationFailureReason(
            new FreshSessionHandler(time), $"The user has just signed in again, and the authentication is still older than {maxAge}.");
        return inner.HandleAsync(next, context, policy, PolicyAuthorizationResult.Forbid(AuthorizationFailure.Failed([reason])));
    }

    /// <summary>Returns the strictest time if nothing else is missing, otherwise null. A session may be signed in although no scheme has authenticated the request.</summary>
    private static TimeSpan? MissingFreshness(AuthorizationPolicy policy, PolicyAuthorizationResult result, bool isSignedIn)
    {
        IEnumerable<IAuthorizationRequirement> failed = result switch
        {
            { Forbidden: true, AuthorizationFailure: { FailCalled: false } failure } => failure.FailedRequirements,
            { Challenged: true } when isSignedIn => policy.Requirements,
            _ => [],
        };
        FreshSessionRequirement[] stale = [.. failed.OfType<FreshSessionRequirement>()];
        return stale.Length > 0 && stale.Length == failed.Count() ? stale.Min(static requirement => requirement.MaxAge) : null;
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

    /// <summary>
    /// Returns whether the browser was challenged before, and has just signed in since. It remembers the sign-in that was too old, until it is refused, after which it may try
    /// again.
    /// </summary>
    private bool IsBackFromChallenge(HttpContext context, DateTimeOffset? signedInAt, TimeSpan maxAge)
    {
        if ((context.GetEndpoint()?.Metadata.GetMetadata<ISessionTransportMetadata>()?.Transport ?? options.Value.Transport) == SessionTransport.Header)
        {
            // An app follows no redirect, and gets no cookie.
            return false;
        }

        string name = options.Value.Cookie.StaleName;
        CookieOptions cookie = options.Value.Cookie.Build(context);
        string signIn = (signedInAt?.ToUnixTimeMilliseconds() ?? 0).ToString(CultureInfo.InvariantCulture);
        bool isRecent = time.GetUtcNow() - signedInAt <= (maxAge < WayBack ? maxAge : WayBack);
        if (isRecent && context.Request.Cookies[name] is { } tooOld && tooOld != signIn)
        {
            cookie.MaxAge = null;
            context.Response.Cookies.Delete(name, cookie);
            return true;
        }

        cookie.MaxAge = Memory;
        context.Response.Cookies.Append(name, signIn, cookie);
        return false;
    }

    [LoggerMessage(
        350,
        LogLevel.Warning,
        "Refused a user who has just signed in again: the authentication is still older than {MaxAge}. The identity provider ignores max_age, does not tell when it "
        + "authenticated the user, or its clock is behind; or the login page passes on an old time.")]
    private static partial void LogStaleAgain(ILogger logger, TimeSpan maxAge);
}
