namespace OrleansSessions.AspNetCore.Headers;

/// <summary>Metadata of endpoints that determine how their sessions' tokens travel. See <see cref="SessionTransportAttribute"/>.</summary>
public interface ISessionTransportMetadata
{
    /// <summary>The way of the token.</summary>
    SessionTransport Transport { get; }
}
