namespace OrleansSessions.Resp.Commands;

/// <summary>Commands that belong together.</summary>
internal interface ICommandGroup
{
    /// <summary>The commands, each under a name of its own.</summary>
    IEnumerable<RespCommandDefinition> Commands { get; }
}
