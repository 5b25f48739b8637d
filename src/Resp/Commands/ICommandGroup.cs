namespace OrleansSessions.Resp.Commands;

/// <summary>Group of related commands.</summary>
internal interface ICommandGroup
{
    /// <summary>The commands, each under its own name.</summary>
    IEnumerable<RespCommandDefinition> Commands { get; }
}
