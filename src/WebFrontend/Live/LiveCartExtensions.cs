using Microsoft.AspNetCore.Http.Connections;
using OrleansSessions.AspNetCore;

namespace OrleansSessions.WebFrontend.Live;

/// <summary>Registration of the live cart.</summary>
internal static class LiveCartExtensions
{
    /// <summary>Maximum size of a message of a page: it asks for the stream, and sends pings.</summary>
    private const int MaxMessageBytes = 1024;

    public static void AddLiveCart(this IServiceCollection services)
    {
        services.AddKeyedSingleton<OpenStreams>(CartHub.Path);
        services.AddSignalR(static hub => hub.MaximumReceiveMessageSize = MaxMessageBytes);
    }

    /// <summary>Maps the hub, for WebSockets only: the other transports need all requests of a connection at one frontend.</summary>
    public static void MapLiveCart(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapHub<CartHub>(CartHub.Path, static connection =>
        {
            connection.Transports = HttpTransportType.WebSockets;
            connection.ApplicationMaxBufferSize = MaxMessageBytes;
        }).RequireLiveSession().DisableHttpMetrics();
}
