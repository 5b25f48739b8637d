using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.ServiceTokens;

/// <summary>Issue of tokens for services.</summary>
internal sealed class ServiceTokenIssuer(SessionClient client, SigningKeyFiles keys, IOptions<ServiceTokenOptions> options, TimeProvider time)
{
    /// <summary>The party that acts (RFC 8693, 4.1).</summary>
    private const string ActorClaim = "act";

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <exception cref="ArgumentException">The audience is not configured.</exception>
    /// <exception cref="ServiceTokenException">The request's session is not signed in, or has ended.</exception>
    public async Task<ServiceToken> IssueAsync(HttpContext request, string audience, CancellationToken cancellationToken)
    {
        ServiceTokenOptions settings = options.Value;
        if (!settings.Audiences.Contains(audience))
        {
            throw new ArgumentException(
                $"Tokens can't be made for '{audience}': it is not in {ServiceTokenOptions.SectionName}:{nameof(settings.Audiences)}.", nameof(audience));
        }

        BoundSession session = await FindAsync(request);

        // Before the session is read: a token then never outlives its session by more than the lifetime.
        DateTimeOffset now = time.GetUtcNow();
        SessionSnapshot? living = (await client.LoadAgainAsync(session.Key, touch: false, session.Incarnation, cancellationToken)).Snapshot;
        if (living?.Identity is not { } identity || !session.IsStillOf(identity, living.PrivilegeChanges))
        {
            throw ServiceTokenException.Ended();
        }

        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        DateTimeOffset end = now + settings.Lifetime < living.ExpiresAt ? now + settings.Lifetime : living.ExpiresAt;
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(end.ToUnixTimeSeconds());
        if (expiresAt <= issuedAt)
        {
            throw ServiceTokenException.Ended();
        }

        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = settings.Issuer,
            Audience = audience,
            IssuedAt = issuedAt.UtcDateTime,
            NotBefore = issuedAt.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            Claims = ClaimsOf(session.Key, identity),
            SigningCredentials = keys.Current.Active,
        };
        return new ServiceToken(_handler.CreateToken(descriptor), expiresAt);
    }

    /// <summary>Returns <c>HttpContext.Session</c> if it is signed in, otherwise the session that keeps the user's ticket.</summary>
    private static async ValueTask<BoundSession> FindAsync(HttpContext request)
    {
        List<BoundSession> bound = BoundSession.Of(request, await BoundSession.FindSessionAsync(request));
        int index = bound.FindLastIndex(static session => session.Identity is not null);
        return index >= 0 ? bound[index] : throw ServiceTokenException.NotSignedIn();
    }

    private static Dictionary<string, object> ClaimsOf(SessionKey key, SessionIdentity identity)
    {
        Dictionary<string, object> claims = new()
        {
            [JwtRegisteredClaimNames.Sub] = identity.User,
            [JwtRegisteredClaimNames.Sid] = key.Value,
            [JwtRegisteredClaimNames.AuthTime] = identity.AuthenticatedAt.ToUnixTimeSeconds(),
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
        };
        if (identity.Method is { } method)
        {
            claims[JwtRegisteredClaimNames.Amr] = new[] { method };
        }

        if (identity.ImpersonatedBy is { } administrator)
        {
            claims[ActorClaim] = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = administrator };
        }

        return claims;
    }
}
