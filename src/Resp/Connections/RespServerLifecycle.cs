namespace OrleansSessions.Resp.Connections;

/// <summary>Silo lifecycle of the endpoint: opens it when the silo serves sessions, and drains it before the silo leaves the cluster.</summary>
internal sealed class RespServerLifecycle(RespServer server) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe<RespServerLifecycle>(ServiceLifecycleStage.Active + 1, server.StartAsync, server.StopAsync);
}
