namespace OrleansSessions.LocalCluster.Options;

/// <summary>What came out of the command line: options, a wish for help, or what is wrong with it.</summary>
internal sealed record ParsedArguments
{
    public ClusterOptions Options { get; init; } = new();

    public bool HelpRequested { get; init; }

    public IReadOnlyList<string> Errors { get; init; } = [];
}
