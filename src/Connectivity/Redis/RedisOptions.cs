namespace OrleansSessions.Connectivity.Redis;

/// <summary>Options for the cluster's Redis: address and credentials. Bound from <c>ConnectionStrings:Redis</c> and the section <c>Redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>The configuration section of everything except the connection string.</summary>
    public const string SectionName = "Redis";

    /// <summary>
    /// The connection string; see <see cref="RedisConnectionString"/> for its forms. Required. It may contain a password and is never printed.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The ACL user, instead of one in the connection string. Default: null, the connection string's or <c>default</c>.</summary>
    public string? User { get; set; }

    /// <summary>
    /// A file whose first line is the password, instead of one in the connection string. It is re-read for every new connection. Default: null, none.
    /// </summary>
    public string? PasswordPath { get; set; }

    /// <summary>Certificates, if the connection string enables TLS.</summary>
    public RedisTlsOptions Tls { get; set; } = new();
}
