namespace OrleansSessions.Samples.Aspire;

internal static class RedisServerExtensions
{
    /// <summary>Adds the installed redis-server.</summary>
    public static IResourceBuilder<RedisServerResource> AddRedisServer(this IDistributedApplicationBuilder builder, string name)
    {
        RedisServerResource redis = new(name);
        return builder.AddResource(redis)
            .WithEndpoint(scheme: "tcp", name: redis.Endpoint.EndpointName)
            .WithArgs("--bind", "127.0.0.1", "--save", "", "--port", redis.Endpoint.Property(EndpointProperty.TargetPort));
    }
}
