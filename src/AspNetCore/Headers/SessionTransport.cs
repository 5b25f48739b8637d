namespace OrleansSessions.AspNetCore.Headers;

/// <summary>How a session's token travels. A request uses one way only: the other is neither read nor written.</summary>
public enum SessionTransport
{
    /// <summary>In a cookie, for browsers.</summary>
    Cookie,

    /// <summary>
    /// In headers, for apps that keep the token themselves. A browser never sends it by itself, so such endpoints need no antiforgery token, unless a cookie authorizes them.
    /// </summary>
    Header,
}
