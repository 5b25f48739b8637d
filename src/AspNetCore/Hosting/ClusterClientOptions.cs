namespace OrleansSessions.AspNetCore;

/// <summary>Cluster that a frontend connects to. Bound from the section <c>SessionCluster</c>, which silos read too.</summary>
public sealed class ClusterClientOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "SessionCluster";

    /// <summary>The cluster's name. Default: <c>orleans-sessions</c>.</summary>
    public string ClusterId { get; set; } = "orleans-sessions";

    /// <summary>The prefix under which sessions are stored. Default: <c>orleans-sessions</c>.</summary>
    public string ServiceId { get; set; } = "orleans-sessions";
}
