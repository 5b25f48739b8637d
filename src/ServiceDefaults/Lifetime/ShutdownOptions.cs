namespace OrleansSessions.ServiceDefaults.Lifetime;

/// <summary>How the process leaves. Bound from <c>Shutdown</c>.</summary>
internal sealed class ShutdownOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Shutdown";

    /// <summary>
    /// How long the process goes on serving after it was told to stop, while <c>/healthz/ready</c> already says no: the time that balancers need to turn away.
    /// Default: none; at most 10 minutes.
    /// </summary>
    public TimeSpan DrainDelay { get; set; } = TimeSpan.Zero;
}
