namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>Why a peer was refused: the values of the counter's tag <c>reason</c>.</summary>
internal static class Refusal
{
    /// <summary>It showed no certificate.</summary>
    public const string NoCertificate = "no_certificate";

    /// <summary>Its certificate is not of the cluster's authority.</summary>
    public const string Authority = "authority";

    /// <summary>Its certificate is not valid any more, or not yet.</summary>
    public const string Expired = "expired";

    /// <summary>Its certificate is made for something else: for servers only, say.</summary>
    public const string Usage = "usage";

    /// <summary>Its certificate does not carry the name of the silos.</summary>
    public const string Name = "name";

    /// <summary>What it sent is not TLS, or not a version of it that is safe, or it refused us.</summary>
    public const string Protocol = "protocol";

    /// <summary>It took too long.</summary>
    public const string Timeout = "timeout";

    /// <summary>It hung up.</summary>
    public const string Closed = "closed";
}
