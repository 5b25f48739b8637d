using Microsoft.Extensions.Hosting;

namespace OrleansSessions.Testing;

/// <summary>Options of a <see cref="SessionTestCluster"/>.</summary>
public sealed class SessionTestClusterOptions
{
    /// <summary>The number of silos at the start. Default: 1. With 0, the application under test must host one.</summary>
    public int Silos { get; set; } = 1;

    /// <summary>
    /// Configures each silo's host, after the cluster's own settings: session-ended handlers, limits, logging. Default: null. Silos log nothing unless it adds a provider.
    /// </summary>
    public Action<IHostApplicationBuilder>? ConfigureSilo { get; set; }
}
