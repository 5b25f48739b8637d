using Microsoft.Net.Http.Headers;

namespace OrleansSessions.AspNetCore.Headers;

/// <summary>Headers that carry the token where sessions use no cookie: see <see cref="SessionTransport.Header"/>.</summary>
public sealed class SessionHeaderOptions
{
    /// <summary>The authentication scheme before the token in <c>Authorization</c>.</summary>
    public const string Scheme = "Session";

    /// <summary>
    /// The request header. Default: <c>Authorization</c>, in the form <c>Authorization: Session TOKEN</c>. Any other header holds the token alone.
    /// </summary>
    public string Name { get; set; } = HeaderNames.Authorization;

    /// <summary>The response header that hands out a new or rotated token. Default: <c>Session-Token</c>.</summary>
    public string ResponseName { get; set; } = "Session-Token";
}
