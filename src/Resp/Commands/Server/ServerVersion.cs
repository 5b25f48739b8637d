namespace OrleansSessions.Resp.Commands.Server;

/// <summary>Redis version that the endpoint reports. Clients choose their commands by it.</summary>
internal static class ServerVersion
{
    /// <summary>The Redis version whose replies the endpoint reproduces.</summary>
    public const string Compatible = "7.0.15";
}
