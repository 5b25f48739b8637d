using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Stores;

/// <summary>Running cluster of two silos and three frontends behind both load balancers, for tests that leave it unchanged.</summary>
public abstract class ClusterFixture : IAsyncLifetime
{
    private LocalClusterProcess? _cluster;
    private NginxProcess? _nginx;

    internal LocalClusterProcess Cluster => _cluster ?? throw new InvalidOperationException("The cluster is not started.");

    public virtual async ValueTask InitializeAsync()
    {
        _cluster = await LocalClusterProcess.StartAsync(new LocalClusterOptions { Redis = await StartStoreAsync() });
        if (Tools.Has(Tools.Nginx))
        {
            _nginx = await NginxProcess.StartAsync(_cluster.Status.Frontends.Select(frontend => frontend.Url));
        }
    }

    /// <summary>The address of a load balancer.</summary>
    public Uri Url(LoadBalancer balancer)
    {
        Assert.SkipWhen(_cluster is null, "The store of this cluster is not installed.");
        if (balancer == LoadBalancer.Yarp)
        {
            return _cluster.Url;
        }

        Assert.SkipWhen(_nginx is null, "nginx is not installed.");
        return _nginx.Url;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    /// <summary>Starts the cluster's store.</summary>
    /// <returns>Its address, or null for the embedded one.</returns>
    protected abstract Task<string?> StartStoreAsync();
}
