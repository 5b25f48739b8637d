using Microsoft.AspNetCore.Builder;

namespace OrleansSessions.AspNetCore.Headers;

/// <summary>Choice of the way of the token, per endpoint or group.</summary>
public static class SessionTransportExtensions
{
    /// <summary>The endpoints' sessions use headers, as configured by <see cref="SessionHeaderOptions"/>. Cookies are ignored, and none is set.</summary>
    public static TBuilder WithSessionHeader<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new SessionTransportAttribute(SessionTransport.Header));

    /// <summary>The endpoints' sessions use the cookie. The header is ignored.</summary>
    public static TBuilder WithSessionCookie<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new SessionTransportAttribute(SessionTransport.Cookie));
}
