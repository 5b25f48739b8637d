namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>Valid logout token of a provider (OpenID Connect Back-Channel Logout 1.0, section 2.4).</summary>
/// <param name="Issuer">The provider.</param>
/// <param name="Id">The token's id.</param>
/// <param name="Subject">The provider's id of the user; null: only the session is told.</param>
/// <param name="SessionId">The user's session at the provider; null: all of them.</param>
/// <param name="ExpiresAt">When the token expires.</param>
internal sealed record LogoutToken(string Issuer, string Id, string? Subject, string? SessionId, DateTimeOffset ExpiresAt);
