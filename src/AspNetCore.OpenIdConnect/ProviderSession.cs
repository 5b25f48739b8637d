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
    public static bool IsOf(string providerScheme, AuthenticationTicket ticket) =>
        ticket.Properties.Items.TryGetValue(SchemeProperty, out string? scheme) && scheme == providerScheme;

    /// <summary>
    /// Returns the tag of a session at the provider, by which the sessions that came from it are ended. A hash, because the provider's ids have any length and must not be
    /// readable by every client that may list sessions.
    /// </summary>
    public static string TagOf(string issuer, string sessionId) =>
        TagPrefix + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\0{sessionId}")));

    /// <summary>Returns the tag of a ticket's session at the provider; null: the provider tells none.</summary>
    public static string? FindTag(AuthenticationTicket ticket) =>
        (ticket.Principal.FindFirst(SessionIdClaim) ?? ticket.Principal.FindFirst(ClaimTypes.Sid)) is { } sessionId ? TagOf(sessionId.Issuer, sessionId.Value) : null;

    /// <summary>Adds the provider's session and the time of the authentication, unless the application sets its own.</summary>
    public static SignInOptions Describe(AuthenticationTicket ticket, SignInOptions details)
    {
        if (FindTag(ticket) is { } tag)
        {
            details.Tags = [.. details.Tags, tag];
        }

        details.AuthenticatedAt ??= AuthenticatedAt(ticket);
        return details;
    }

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
