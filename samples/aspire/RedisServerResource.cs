namespace OrleansSessions.Samples.Aspire;

/// <summary>The installed redis-server, without persistence.</summary>
internal sealed class RedisServerResource(string name) : ExecutableResource(name, "redis-server", "."), IResourceWithConnectionString
{
    public EndpointReference Endpoint => new(this, "tcp");

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.HostAndPort)}");
}
