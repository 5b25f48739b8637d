namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>Platform of the web application.</summary>
internal enum FrontendKind
{
    AspNetCore,
    Php,
    Express,
}
