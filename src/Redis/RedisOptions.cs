namespace OrleansSessions.Redis;

/// <summary>Where the cluster's Redis is. Bound from <c>ConnectionStrings:Redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>
    /// The connection string; see <see cref="RedisConnectionString"/> for its forms. Required. It may hold a password and is never printed.
    /// </summary>
    public string ConnectionString { get; set; } = "";
}
