using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>Options of one OpenID Connect scheme whose tickets are in the cluster. The section <c>Sessions:OpenIdConnect</c> applies to all schemes.</summary>
public sealed class OrleansOpenIdConnectOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = OrleansSessionOptions.SectionName + ":OpenIdConnect";

    /// <summary>
    /// Whether the ticket's refresh token is revoked at the provider (RFC 7009) when its session has ended: by the browser's sign-out, by <see cref="IUserSessions"/> or by
    /// back-channel logout. Not by expiry or in a silo. Needs <c>SaveTokens</c>, and the provider's revocation endpoint. If the provider does not accept it within 5 s, a
    /// warning is logged, and the session has ended all the same. Default: false.
    /// </summary>
    public bool RevokeRefreshTokens { get; set; }

    /// <summary>
    /// Finds the application's id of a user whom the provider signs out, by the provider's id of the user (<c>sub</c>). It returns null for a user whom the application does not
    /// know. Default: null, both ids are the same.
    /// </summary>
    public Func<HttpContext, string, ValueTask<string?>>? FindUserId { get; set; }
}
