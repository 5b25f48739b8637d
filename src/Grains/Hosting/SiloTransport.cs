using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansSessions.Grains.Hosting;

/// <summary>
/// Silo transport on Kestrel's sockets instead of Orleans', because their listening socket can be configured: a connection whose peer acknowledges nothing is closed
/// within a second. Orleans sends replies over a client's existing connection, so replies to a frontend that was cut off would otherwise wait for minutes until TCP
/// gives up, although the frontend uses another gateway by then.
/// </summary>
internal static class SiloTransport
{
    /// <summary>How long data may stay unacknowledged (Linux, TCP_USER_TIMEOUT of tcp(7)). Several times the time for retransmitting a lost packet in a data centre.</summary>
    private static readonly TimeSpan UserTimeout = TimeSpan.FromSeconds(1);

    private const int TcpUserTimeout = 18;

    public static void Replace(IServiceCollection services)
    {
        foreach (ServiceDescriptor listener in services.Where(static service => service.IsKeyedService && service.ServiceType == typeof(IConnectionListenerFactory)).ToArray())
        {
            services.Remove(listener);
            services.AddKeyedSingleton<IConnectionListenerFactory>(listener.ServiceKey, static (services, _) => Create(services.GetRequiredService<ILoggerFactory>()));
        }
    }

    private static SocketTransportFactory Create(ILoggerFactory loggers) =>
        new(Options.Create(new SocketTransportOptions { CreateBoundListenSocket = Bind }), loggers);

    private static Socket Bind(EndPoint endpoint)
    {
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (OperatingSystem.IsLinux())
        {
            // Accepted connections inherit it.
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, BitConverter.GetBytes((int)UserTimeout.TotalMilliseconds));
        }

        return socket;
    }
}
