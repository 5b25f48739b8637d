using System.Net;
using System.Net.Sockets;
using k8s.Models;
using OrleansSessions.Deploy.Tests.Kubernetes;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Probing of a container by the rules of its manifest.</summary>
/// <param name="container">The container.</param>
/// <param name="address">The pod's address.</param>
/// <param name="inside">Wraps a probe's command to run in the container.</param>
internal sealed class Prober(V1Container container, IPAddress address, Func<IEnumerable<string>, IReadOnlyList<string>> inside)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Waits until a probe succeeds; false: its failure threshold was reached.</summary>
    public async Task<bool> UntilAsync(V1Probe probe, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period(probe));
        for (int failures = 0; failures < (probe.FailureThreshold ?? 3); failures++)
        {
            if (await SucceedsAsync(probe, cancellation))
            {
                return true;
            }

            await timer.WaitForNextTickAsync(cancellation);
        }

        return false;
    }

    /// <summary>Probes until cancelled, and reports every success, and a failure once its threshold is reached.</summary>
    public async Task WatchAsync(V1Probe probe, CancellationToken cancellation, Action<bool> tell)
    {
        using var timer = new PeriodicTimer(Period(probe));
        int failures = 0;
        do
        {
            failures = await SucceedsAsync(probe, cancellation) ? 0 : failures + 1;
            if (failures == 0 || failures >= (probe.FailureThreshold ?? 3))
            {
                tell(failures == 0);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private static TimeSpan Period(V1Probe probe) => TimeSpan.FromSeconds(probe.PeriodSeconds ?? 10);

    private async Task<bool> SucceedsAsync(V1Probe probe, CancellationToken cancellation)
    {
        var timeout = TimeSpan.FromSeconds(probe.TimeoutSeconds ?? 1);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            if (probe.HttpGet is { } get)
            {
                var url = new UriBuilder("http", address.ToString(), container.Resolve(get.Port), get.Path);
                using HttpResponseMessage response = await Http.GetAsync(url.Uri, limit.Token);
                return (int)response.StatusCode is >= 200 and < 400;
            }

            if (probe.TcpSocket is { } tcp)
            {
                using var client = new TcpClient();
                await client.ConnectAsync(address, container.Resolve(tcp.Port), limit.Token);
                return true;
            }

            return (await Command.TryRunAsync(timeout, inside(probe.Exec.Command))).ExitCode == 0;
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException or InvalidOperationException or OperationCanceledException
            && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
