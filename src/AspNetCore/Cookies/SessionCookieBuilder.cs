using Microsoft.AspNetCore.Http;

namespace OrleansSessions.AspNetCore.Cookies;

/// <summary>
/// Attributes of the session cookie. Defaults: HttpOnly, SameSite=Lax, always Secure, path <c>/</c>, no domain, essential, kept until the browser closes.
/// </summary>
public sealed class SessionCookieBuilder : CookieBuilder
{
    /// <summary>The default of <see cref="CookieBuilder.Name"/>, without prefix.</summary>
    public const string DefaultName = "session";

    /// <summary>With this prefix, browsers accept the cookie only over HTTPS and only from this host (RFC 6265bis).</summary>
    public const string HostPrefix = "__Host-";

    /// <summary>With this prefix, browsers accept the cookie only over HTTPS (RFC 6265bis).</summary>
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
    /// The cookie's actual name: <see cref="CookieBuilder.Name"/> if it is set; otherwise <c>__Host-session</c> if browsers accept the prefix, else <c>session</c>.
    /// </summary>
    public string EffectiveName => Name ?? (AllowsHostPrefix ? HostPrefix + DefaultName : DefaultName);

    /// <summary>The name of the cookie of a session in which an administrator acts as a user.</summary>
    internal string ActingName => EffectiveName + "-acting";

    /// <summary>The name of the cookie that tells which sign-in was too old for an endpoint.</summary>
    internal string StaleName => EffectiveName + "-stale";

    internal bool AllowsHostPrefix => SecurePolicy == CookieSecurePolicy.Always && Domain is null && Path == "/";
}
