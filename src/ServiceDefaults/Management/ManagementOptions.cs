namespace OrleansSessions.ServiceDefaults.Management;

/// <summary>Options for serving health and metrics. Bound from <c>Management</c>.</summary>
internal sealed class ManagementOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Management";

    /// <summary>
    /// Dedicated port for health and metrics, on all addresses: they are served only there, and nothing else is. Default: none; health is then served on the
    /// application's addresses.
    /// </summary>
    public int? Port { get; set; }
}
