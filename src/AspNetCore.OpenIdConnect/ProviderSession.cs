using System.Buffers.Text;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>What a ticket says of its user's session at the provider.</summary>
internal static class ProviderSession
{
    private const string SessionIdClaim = "sid";
    private const string AuthenticationTimeClaim = "auth_time";
    private const string TagPrefix = "sid:";

    /// <summary>The property in which ASP.NET Core's handlers of remote authentication keep their scheme.</summary>
    private const string SchemeProperty = ".AuthScheme";

    /// <summary>Whether the ticket comes from this provider. Another one must learn nothing of it.</summary>
    public static bool IsOf(string providerScheme, AuthenticationTicket ticket) => SchemeOf(ticket) == providerScheme;

    /// <summary>
    /// Returns the tag of a session at the provider, by which the sessions that came from it are ended. A hash, because the provider's ids have any length and must not be
    /// readable by every client that may list sessions.
    /// </summary>
    /// <param name="provider">The scheme, which a ticket's sign-in and the provider's logout both know. The issuer of a claim is lost when code makes the claim anew.</param>
    /// <param name="sessionId">The provider's id of its session.</param>
    public static string TagOf(string provider, string sessionId) =>
        TagPrefix + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{provider}\0{sessionId}")));

    /// <summary>
    /// Returns the tag of a ticket's session at the provider; null: the ticket tells none, or comes from another provider. If it tells no provider, it counts as this one's: only
    /// this one's logout of that very session finds the tag.
    /// </summary>
    public static string? FindTag(string providerScheme, AuthenticationTicket ticket) =>
        (SchemeOf(ticket) ?? providerScheme) == providerScheme
        && (ticket.Principal.FindFirst(SessionIdClaim) ?? ticket.Principal.FindFirst(ClaimTypes.Sid)) is { Value: { Length: > 0 } sessionId }
            ? TagOf(providerScheme, sessionId)
            : null;

    /// <summary>Adds the provider's session, and the time of the authentication to a ticket of this provider, unless the application sets its own.</summary>
    public static SignInOptions Describe(string providerScheme, AuthenticationTicket ticket, SignInOptions details)
    {
        if (FindTag(providerScheme, ticket) is { } tag)
        {
            details.Tags = [.. details.Tags, tag];
        }

        if (IsOf(providerScheme, ticket))
        {
            details.AuthenticatedAt ??= AuthenticatedAt(ticket);
        }

        return details;
    }

    private static string? SchemeOf(AuthenticationTicket ticket) => ticket.Properties.Items.TryGetValue(SchemeProperty, out string? scheme) ? scheme : null;

    /// <summary>When the provider authenticated the user. 1970 if it does not tell: the user may have been let through without being asked, and must not count as fresh.</summary>
    private static DateTimeOffset AuthenticatedAt(AuthenticationTicket ticket)
    {
        if (!long.TryParse(ticket.Principal.FindFirst(AuthenticationTimeClaim)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || ticket.Properties.IssuedUtc is not { } issuedAt)
        {
            return DateTimeOffset.UnixEpoch;
        }

        // A provider whose clock is ahead must not make the user fresh for longer.
        var authenticatedAt = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return authenticatedAt <= issuedAt ? authenticatedAt : issuedAt;
    }
}
