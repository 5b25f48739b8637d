using OrleansSessions.AspNetCore.Cookies;
using OrleansSessions.AspNetCore.Headers;
using OrleansSessions.Client;

namespace OrleansSessions.AspNetCore;

/// <summary>Session options of a frontend. Bound from the section <c>Sessions</c>, then changed by the delegate given to <c>AddOrleansSessions</c>.</summary>
public sealed class OrleansSessionOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Sessions";

    private const string PhpPrefix = "PHPREDIS_SESSION:";
    private const string PhpCookie = "PHPSESSID";

    /// <summary>The session cookie.</summary>
    public SessionCookieBuilder Cookie { get; set; } = new();

    /// <summary>How tokens travel, for endpoints that don't say it themselves by <see cref="SessionTransportAttribute"/>. Default: in the cookie.</summary>
    public SessionTransport Transport { get; set; } = SessionTransport.Cookie;

    /// <summary>The headers for the token, where sessions use no cookie.</summary>
    public SessionHeaderOptions Header { get; set; } = new();

    /// <summary>
    /// The data that browsers are told to delete when a session is destroyed: types of <c>Clear-Site-Data</c>, separated by commas, for example <c>cache, storage</c>.
    /// Default: null, only the cookie. <c>cookies</c> deletes every cookie of the site, those of other subdomains too.
    /// </summary>
    public string? ClearSiteData { get; set; }

    /// <summary>A new session ends after this long without use. Default: 20 minutes; 1 second to 400 days.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>A new session ends this long after its creation, used or not. Default: null, no limit.</summary>
    public TimeSpan? AbsoluteLifetime { get; set; }

    /// <summary>
    /// Time limit of one session operation, all attempts included. Default: 10 s. At least 2 s, because one attempt waits up to 1 s for a silo that was just killed;
    /// at most 20 s, because silos remember applied operations for 30 s.
    /// </summary>
    public TimeSpan IOTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The time between two readings of a watched session, by which <c>RequireLiveSession</c> notices its end. Each frontend reads each session
    /// that it watches. Default: 500 ms; 100 ms to 1 minute.
    /// </summary>
    public TimeSpan NewsInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Separates applications that share a cluster: the same token names different sessions in different namespaces. Default: <c>default</c>; at most 128 UTF-8
    /// bytes.
    /// </summary>
    public string Namespace { get; set; } = "default";

    /// <summary>
    /// Whether PHP uses the namespace's sessions too. New sessions then get tokens of PHP's form, which a rotation replaces by moving the session to a new key. Null,
    /// the default: yes if the namespace begins with phpredis' own prefix, <c>PHPREDIS_SESSION:</c>, or the cookie is PHP's, <c>PHPSESSID</c>.
    /// </summary>
    public bool? SharedWithPhp { get; set; }

    /// <summary>
    /// How long a token stays valid that <see cref="IOrleansSession.RotateAsync"/> has replaced, for requests sent before the browser had the new one. Default:
    /// 10 s; 0 to 1 minute. Presenting it later is reuse, which event handlers learn of. A token from before a sign-in opens nothing, and is no reuse within that time.
    /// </summary>
    public TimeSpan RotationGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether reuse of a replaced token ends the session, for everyone. Default: true.</summary>
    public bool EndOnReuse { get; set; } = true;

    /// <summary>
    /// How many requests from one address (IPv6: one /64 network) may present a token that names no session, in a minute and at this frontend. Beyond that, requests from there
    /// with any token are answered 429 until the minute is over; those without one are served. Browsers whose session has expired count too, and so do all behind one proxy:
    /// set <c>UseForwardedHeaders</c> up, and a generous number. Default: null, no limit.
    /// </summary>
    public int? MaxUnknownTokensPerMinute { get; set; }

    /// <summary>
    /// The secret that user ids are hashed with: at least 32 random bytes in base64, the same on all frontends. Keep it: with another one, every user's list of sessions is
    /// empty. Default: null, and signing in throws.
    /// </summary>
    public string? UserKeySecret { get; set; }

    /// <summary>A file whose first line is that secret, instead. Default: null, none.</summary>
    public string? UserKeySecretFile { get; set; }

    /// <summary>How administrators may act as users.</summary>
    public ImpersonationOptions Impersonation { get; set; } = new();

    /// <summary>
    /// Connection string of the Redis that kept the sessions before the cluster. A browser's session that is not in the cluster is imported from there: PHP's, or one
    /// of the stock session middleware. Default: null, none.
    /// </summary>
    public string? ImportFrom { get; set; }

    /// <summary>
    /// Prefix of the old keys: phpredis' prefix, or RedisCache's <c>InstanceName</c>. Default: null, the <see cref="Namespace"/>, which for PHP is the prefix.
    /// </summary>
    public string? ImportPrefix { get; set; }

    /// <summary>The value of the header <c>Clear-Site-Data</c>; null: none.</summary>
    internal string? ClearSiteDataHeader => ClearSiteData is null ? null : string.Join(", ", ClearSiteDataTypes.Select(static type => $"\"{type}\""));

    internal string[] ClearSiteDataTypes => ClearSiteData?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    /// <inheritdoc cref="UserSecret.Read"/>
    internal byte[]? ReadUserKeySecret(out string? error) =>
        UserSecret.Read(SectionName, UserKeySecret, UserKeySecretFile, "make one with: openssl rand -base64 32", out error);

    internal bool IsSharedWithPhp =>
        SharedWithPhp ?? (Namespace.StartsWith(PhpPrefix, StringComparison.Ordinal) || string.Equals(Cookie.Name, PhpCookie, StringComparison.Ordinal));
}
