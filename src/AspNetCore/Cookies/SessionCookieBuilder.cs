using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore.Cookies;

/// <summary>
/// The session cookie's attributes. Defaults: HttpOnly, SameSite=Lax, Secure always, path <c>/</c>, no domain, essential, kept until the browser closes.
/// </summary>
public sealed class SessionCookieBuilder : CookieBuilder
{
    /// <summary>The name used unless <see cref="CookieBuilder.Name"/> is set, without prefix.</summary>
    public const string DefaultName = "session";

    /// <summary>With this prefix, browsers take the cookie only over HTTPS and only from this very host (RFC 6265bis).</summary>
    public const string HostPrefix = "__Host-";

    /// <summary>With this prefix, browsers take the cookie only over HTTPS (RFC 6265bis).</summary>
    public const string SecurePrefix = "__Secure-";

    /// <summary>Creates the builder with the defaults.</summary>
    public SessionCookieBuilder()
    {
        Path = "/";
        SecurePolicy = CookieSecurePolicy.Always;
        SameSite = SameSiteMode.Lax;
        HttpOnly = true;
        IsEssential = true;
    }

    /// <summary>
    /// The name on the wire: <see cref="CookieBuilder.Name"/> if it is set; otherwise <c>__Host-session</c> where browsers accept the prefix, and
    /// <c>session</c> elsewhere.
    /// </summary>
    public string EffectiveName => Name ?? (AllowsHostPrefix ? HostPrefix + DefaultName : DefaultName);

    internal bool AllowsHostPrefix => SecurePolicy == CookieSecurePolicy.Always && Domain is null && Path == "/";
}
