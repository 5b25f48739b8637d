using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansSessions.Grains.Hosting;

/// <summary>
/// Listens with Kestrel's sockets in place of Orleans', since they let the listening socket be set up: a connection whose peer acknowledges nothing is closed within
/// a second. Orleans keeps the answers to a client for the connection that it has, so those to a frontend that was cut off would wait until TCP gives up, for minutes,
/// although the frontend has turned to another gateway.
/// </summary>
internal static class SiloTransport
{
    /// <summary>How long data may stay unacknowledged (Linux, TCP_USER_TIMEOUT of tcp(7)). Several times what TCP needs to repeat a lost packet in a data centre.</summary>
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
