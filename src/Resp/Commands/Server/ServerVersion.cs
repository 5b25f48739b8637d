namespace OrleansSessions.Resp.Commands.Server;

/// <summary>What the endpoint says it is: clients decide by it what they may send.</summary>
internal static class ServerVersion
{
    /// <summary>The Redis whose replies these are.</summary>
    public const string Compatible = "7.0.15";
}
