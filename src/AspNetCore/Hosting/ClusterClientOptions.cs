namespace OrleansSessions.AspNetCore;

/// <summary>Which cluster a frontend is a client of. Bound from the section <c>SessionCluster</c>, the same that silos read.</summary>
public sealed class ClusterClientOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "SessionCluster";

    /// <summary>The cluster's name. Default: <c>orleans-sessions</c>.</summary>
    public string ClusterId { get; set; } = "orleans-sessions";

    /// <summary>The name under which sessions are stored. Default: <c>orleans-sessions</c>.</summary>
    public string ServiceId { get; set; } = "orleans-sessions";
}
