namespace OrleansSessions.ServiceDefaults.Management;

/// <summary>Where health and metrics are served. Bound from <c>Management</c>.</summary>
internal sealed class ManagementOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Management";

    /// <summary>
    /// A port of its own for health and metrics, on all addresses: they are served there and nowhere else, and nothing else is. Default: none; health is then
    /// served on the application's addresses.
    /// </summary>
    public int? Port { get; set; }
}
