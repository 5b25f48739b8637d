namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>Reasons for refusing a peer: values of the counter's tag <c>reason</c>.</summary>
internal static class Refusal
{
    /// <summary>No certificate was presented.</summary>
    public const string NoCertificate = "no_certificate";

    /// <summary>The certificate is not from the cluster's authority.</summary>
    public const string Authority = "authority";

    /// <summary>The certificate has expired or is not valid yet.</summary>
    public const string Expired = "expired";

    /// <summary>The certificate has another usage, for example servers only.</summary>
    public const string Usage = "usage";

    /// <summary>The certificate does not have the silos' name.</summary>
    public const string Name = "name";

    /// <summary>The peer did not speak TLS, used an unsafe version, or refused us.</summary>
    public const string Protocol = "protocol";

    /// <summary>The handshake timed out.</summary>
    public const string Timeout = "timeout";

    /// <summary>The peer closed the connection.</summary>
    public const string Closed = "closed";
}
