namespace OrleansSessions.AspNetCore.Headers;

/// <summary>Endpoint metadata: how the sessions' tokens travel. Without it, the option <c>Sessions:Transport</c> decides.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SessionTransportAttribute(SessionTransport transport) : Attribute, ISessionTransportMetadata
{
    /// <inheritdoc />
    public SessionTransport Transport { get; } = transport;
}
