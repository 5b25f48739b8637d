namespace OrleansSessions.Resp.Commands.Server;

/// <summary>The Redis version that the endpoint reports. Clients choose their commands by it.</summary>
internal static class ServerVersion
{
    /// <summary>The Redis whose replies these are.</summary>
    public const string Compatible = "7.0.15";
}
