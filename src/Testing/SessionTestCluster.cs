using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Hosting;

namespace OrleansSessions.Testing;

/// <summary>
/// A session cluster inside the test process: an embedded store in memory, silos that are configured as in production, on loopback ports, and a clock that the test
/// moves. Several clusters can run side by side.
/// </summary>
public sealed class SessionTestCluster : IAsyncDisposable
{
    private readonly string _name = "test-" + Guid.NewGuid().ToString("N");
    private readonly SessionTestClusterOptions _options;
    private readonly EmbeddedStore _store = EmbeddedStore.Start();
    private readonly List<IHost> _silos = [];
    private int _started;

    private SessionTestCluster(SessionTestClusterOptions options) => _options = options;

    /// <summary>The time of day of the silos and of the applications that <see cref="Configure"/> configures.</summary>
    public TestClock Clock { get; } = new();

    /// <summary>The embedded store's address, as a Redis connection string with time limits that a stalled test machine does not reach.</summary>
    public string ConnectionString => _store.ConnectionString;

    /// <summary>The number of running silos.</summary>
    public int SiloCount => _silos.Count;

    /// <summary>Starts a cluster.</summary>
    /// <param name="configure">Changes the options.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<SessionTestCluster> StartAsync(Action<SessionTestClusterOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = new SessionTestClusterOptions();
        configure?.Invoke(options);
        var cluster = new SessionTestCluster(options);
        try
        {
            for (int i = 0; i < options.Silos; i++)
            {
                await cluster.StartSiloAsync(cancellationToken);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Makes a web application a frontend of this cluster, and one that calls <c>AddSessionCluster</c> a silo of it, both on its clock. Session cookies are Secure only
    /// over HTTPS, because test clients use plain HTTP. Use it with <c>WebApplicationFactory</c>: <c>factory.WithWebHostBuilder(cluster.Configure)</c>.
    /// </summary>
    public void Configure(IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach ((string name, string? value) in NewSettings())
        {
            builder.UseSetting(name, value);
        }

        builder.UseSetting("Sessions:Cookie:SecurePolicy", "SameAsRequest");
        builder.ConfigureServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.PostConfigure<SessionClusterOptions>(options => options.TimeProvider = Clock);
        });
    }

    /// <summary>Starts another silo.</summary>
    public async Task StartSiloAsync(CancellationToken cancellationToken = default)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(NewSettings());
        builder.AddSessionCluster(options =>
        {
            options.TimeProvider = Clock;

            // Announce an end soon after the test has moved the clock.
            options.SweepInterval = TimeSpan.FromMilliseconds(200);
        });
        builder.Services.Replace(ServiceDescriptor.Singleton<IFatalErrorHandler, TestSiloEnd>());
        _options.ConfigureSilo?.Invoke(builder);
        IHost silo = builder.Build();
        try
        {
            await silo.StartAsync(cancellationToken);
        }
        catch
        {
            silo.Dispose();
            throw;
        }

        _silos.Add(silo);
    }

    /// <summary>Stops the silo that was started first, gracefully: it hands its sessions over, as in a deployment.</summary>
    /// <exception cref="InvalidOperationException">No silo runs.</exception>
    public Task StopSiloAsync(CancellationToken cancellationToken = default) => EndFirstAsync(cancellationToken);

    /// <summary>Ends the silo that was started first without a shutdown, as in a crash. Others find out within seconds.</summary>
    /// <exception cref="InvalidOperationException">No silo runs.</exception>
    public Task KillSiloAsync() => EndFirstAsync(new CancellationToken(canceled: true));

    /// <summary>Stops the silos and the store. Stop the applications first.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_silos.Count > 0)
        {
            await KillSiloAsync();
        }

        _store.Dispose();
    }

    private async Task EndFirstAsync(CancellationToken cancellationToken)
    {
        if (_silos.Count == 0)
        {
            throw new InvalidOperationException("No silo runs.");
        }

        IHost silo = _silos[0];
        _silos.RemoveAt(0);
        try
        {
            await silo.StopAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The shutdown was cut short, as asked.
        }

        silo.Dispose();
    }

    /// <summary>Settings of another process of the cluster.</summary>
    private Dictionary<string, string?> NewSettings() => new()
    {
        ["ConnectionStrings:Redis"] = _store.ConnectionString,
        [$"{SessionClusterOptions.SectionName}:{nameof(SessionClusterOptions.ClusterId)}"] = _name,
        [$"{SessionClusterOptions.SectionName}:{nameof(SessionClusterOptions.ServiceId)}"] = _name,
        [$"{SessionClusterOptions.SectionName}:{nameof(SessionClusterOptions.AdvertisedAddress)}"] = "127.0.0.1",
        [$"{SessionClusterOptions.SectionName}:{nameof(SessionClusterOptions.SiloName)}"] = string.Create(
            CultureInfo.InvariantCulture, $"{_name}-{Interlocked.Increment(ref _started)}"),
        [$"{SessionClusterOptions.SectionName}:{nameof(SessionClusterOptions.SiloPort)}"] = LoopbackPort.Next().ToString(CultureInfo.InvariantCulture),
        [$"{SessionClusterOptions.SectionName}:{nameof(SessionClusterOptions.GatewayPort)}"] = LoopbackPort.Next().ToString(CultureInfo.InvariantCulture),
    };
}
