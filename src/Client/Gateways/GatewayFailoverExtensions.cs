using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansSessions.Client.Gateways;

/// <summary>Registration of gateway failover in an Orleans client.</summary>
public static class GatewayFailoverExtensions
{
    /// <summary>
    /// Makes the client detect a frozen or unreachable gateway and use another one. Orleans alone detects it only when the cluster has declared the silo dead, and
    /// never if only this client is cut off from it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The client has no connection factory: call this inside <c>UseOrleansClient</c>.</exception>
    public static IClientBuilder AddGatewayFailover(this IClientBuilder client)
    {
        ArgumentNullException.ThrowIfNull(client);
        ServiceDescriptor connections = client.Services.LastOrDefault(static service => service.IsKeyedService && service.ServiceType == typeof(IConnectionFactory))
            ?? throw new InvalidOperationException("The Orleans client has no connection factory. Call AddGatewayFailover inside UseOrleansClient.");
        client.Services.Remove(connections);
        client.Services.AddKeyedSingleton<IConnectionFactory>(connections.ServiceKey, (services, key) => ActivatorUtilities.CreateInstance<GatewayConnectionFactory>(
            services, (IConnectionFactory)connections.KeyedImplementationFactory!(services, key), new GatewaySuspicions(TimeProvider.System), TimeProvider.System));
        return client;
    }
}
