namespace OrleansSessions.Connectivity.Redis;

/// <summary>Where the cluster's Redis is, and how to be let in. Bound from <c>ConnectionStrings:Redis</c> and the section <c>Redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>The configuration section of everything but the connection string.</summary>
    public const string SectionName = "Redis";

    /// <summary>
    /// The connection string; see <see cref="RedisConnectionString"/> for its forms. Required. It may hold a password and is never printed.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The ACL user, in place of one in the connection string. Null, the default: that one, or Redis' user <c>default</c>.</summary>
    public string? User { get; set; }

    /// <summary>
    /// A file whose first line is the password, in place of one in the connection string. It is read again for every connection that is made. Null, the default: none.
    /// </summary>
    public string? PasswordPath { get; set; }

    /// <summary>Certificates for a connection that the connection string asks TLS for.</summary>
    public RedisTlsOptions Tls { get; set; } = new();
}
