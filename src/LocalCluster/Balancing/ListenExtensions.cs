using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using OrleansSessions.LocalCluster.Failures;

namespace OrleansSessions.LocalCluster.Balancing;

internal static class ListenExtensions
{
    // Time limit for requests in flight.
    private static readonly TimeSpan DrainTimeLimit = TimeSpan.FromSeconds(5);

    /// <summary>Starts an application on one port, which <paramref name="option"/> configures. Disposes the application if it cannot start.</summary>
    /// <exception cref="ClusterStartException">The port cannot be listened on.</exception>
    public static async Task StartAsync(this WebApplication application, int port, string option)
    {
        try
        {
            await application.StartAsync();
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            await application.DisposeAsync();
            throw ClusterStartException.PortInUse(port, option, exception);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AccessDenied)
        {
            await application.DisposeAsync();
            throw new ClusterStartException(
                string.Create(CultureInfo.InvariantCulture, $"port {port} is reserved for privileged users. Choose another with {option}."), exception);
        }
    }
    /// <summary>Stops an application: it accepts no new requests, and waits a limited time for those in flight.</summary>
    public static async Task DrainAsync(this WebApplication application, CancellationToken forceStop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(forceStop);
        limit.CancelAfter(DrainTimeLimit);
        await application.StopAsync(limit.Token);
    }
}
