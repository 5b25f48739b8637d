namespace OrleansSessions.Resp.Connections;

/// <summary>Opens the endpoint when the silo serves sessions, and has it finished before the silo leaves the cluster.</summary>
internal sealed class RespServerLifecycle(RespServer server) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe<RespServerLifecycle>(ServiceLifecycleStage.Active + 1, server.StartAsync, server.StopAsync);
}
