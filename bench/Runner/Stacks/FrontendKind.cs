namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>What the web application is written for.</summary>
internal enum FrontendKind
{
    AspNetCore,
    Php,
    Express,
}
