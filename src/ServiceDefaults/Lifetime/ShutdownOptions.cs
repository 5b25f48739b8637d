namespace OrleansSessions.ServiceDefaults.Lifetime;

/// <summary>Options for shutdown. Bound from <c>Shutdown</c>.</summary>
internal sealed class ShutdownOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Shutdown";

    /// <summary>
    /// How long the process keeps serving after a stop request while <c>/healthz/ready</c> already fails, so that balancers can stop routing to it. Default: none;
    /// at most 10 minutes.
    /// </summary>
    public TimeSpan DrainDelay { get; set; } = TimeSpan.Zero;
}
