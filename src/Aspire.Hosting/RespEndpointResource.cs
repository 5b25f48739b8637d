using Aspire.Hosting.ApplicationModel;

namespace OrleansSessions.Aspire.Hosting;

/// <summary>Redis-protocol endpoint of a session cluster, for PHP and other Redis clients. Its connections are spread over the silos.</summary>
/// <param name="name">The resource's name, and that of its connection string.</param>
/// <param name="parent">The cluster.</param>
/// <param name="password">The password of its user <c>default</c>.</param>
public sealed class RespEndpointResource(string name, OrleansSessionsResource parent, ParameterResource password)
    : Resource(name), IResourceWithParent<OrleansSessionsResource>, IResourceWithConnectionString
{
    /// <inheritdoc />
    public OrleansSessionsResource Parent { get; } = parent;

    /// <summary>The password of its user <c>default</c>.</summary>
    public ParameterResource Password { get; } = password;

    /// <summary>The address.</summary>
    public EndpointReference Endpoint => new(Parent, OrleansSessionsResource.RespEndpointName);

    /// <summary>Address and password in the form of StackExchange.Redis: <c>host:6380,password=...</c>.</summary>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.HostAndPort)},password={Password}");

    /// <summary>Address and password as a URI: <c>redis://:...@host:6380</c>.</summary>
    public ReferenceExpression UriExpression => ReferenceExpression.Create($"redis://:{Password:uri}@{Endpoint.Property(EndpointProperty.HostAndPort)}");

    /// <summary>Host, port, password and URI, which resources with a reference get as <c>NAME_HOST</c>, <c>NAME_PORT</c>, <c>NAME_PASSWORD</c> and <c>NAME_URI</c>.</summary>
    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.Host)}")),
        new("Port", ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.Port)}")),
        new("Password", ReferenceExpression.Create($"{Password}")),
        new("Uri", UriExpression),
    ];
}
