using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Serialization of tickets, protected by Data Protection. The protection is bound to the scheme and to the session's key, so a ticket that was copied to another session
/// in Redis is refused.
/// </summary>
internal sealed class ProtectedTickets(IDataProtectionProvider protection, string scheme)
{
    private readonly IDataProtector _protector = protection.CreateProtector("OrleansSessions.Tickets", scheme, "v1");

    /// <summary>The tickets of a cookie scheme.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="cookie">The scheme's options.</param>
    /// <param name="common">The protection of schemes that have none of their own.</param>
    public static ProtectedTickets Create(string scheme, CookieAuthenticationOptions cookie, IDataProtectionProvider common) =>
        new(cookie.DataProtectionProvider ?? common, scheme);

    public byte[] Protect(SessionKey key, AuthenticationTicket ticket) =>
        _protector.CreateProtector(key.Value).Protect(TicketSerializer.Default.Serialize(ticket));

    /// <summary>Returns null if the bytes are not a ticket of this session, or if their Data Protection key is missing.</summary>
    public AuthenticationTicket? Unprotect(SessionKey key, byte[] bytes)
    {
        try
        {
            return TicketSerializer.Default.Deserialize(_protector.CreateProtector(key.Value).Unprotect(bytes));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
